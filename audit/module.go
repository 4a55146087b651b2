package audit

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// Module is mod_wsgi's table of directives for reading configuration
// ([httpdconf.Options].Modules): that of one release, or of all when the
// release is not known.
func Module(r modwsgi.Release) httpdconf.Module {
	module := httpdconf.Module{Identifier: "wsgi_module", File: "mod_wsgi.c", Refuses: refuses, Needs: needs}
	for _, d := range modwsgi.Directives(r) {
		form := httpdconf.DirectiveForm{Name: d.Name, Args: argsForm(d.Form), Context: contextOf(d)}
		if d.Section {
			form.Name = "<" + d.Name
		}
		module.Directives = append(module.Directives, form)
	}
	return module
}

// refuses is what mod_wsgi has against the arguments of one of its directives.
// The releases differ in what they know, not in what they ask of it.
func refuses(d *httpdconf.Directive) string {
	known, err := modwsgi.LookupDirective(strings.TrimPrefix(d.Name, "<"), modwsgi.Release{})
	if err != nil {
		return ""
	}
	err = known.Refuses(argumentsOf(d, known))
	switch {
	case known.Section && !strings.Contains(d.Args, ">"):
		return known.Title() + " directive missing closing '>'"
	case err != nil:
		return err.Error()
	case known.Name == "WSGIScriptAliasMatch" && httpdconf.IsBrokenPattern(d.Word(0)):
		return "WSGIScriptAliasMatch: regular expression " + d.Word(0) + " could not be compiled"
	}
	return ""
}

// needs are the accounts that the groups of a WSGIDaemonProcess need.
func needs(d *httpdconf.Directive) []httpdconf.Need {
	if !d.Is("WSGIDaemonProcess") {
		return nil
	}
	var needed []httpdconf.Need
	for _, option := range optionsOf(d) {
		known, err := modwsgi.LookupDaemonOption(option.Name, modwsgi.Release{})
		if err != nil || option.Value == "" {
			continue
		}
		for name := range strings.SplitSeq(option.Value, ",") {
			if kind, ok := needOf(known); ok && name != "" {
				needed = append(needed, httpdconf.Need{Kind: kind, Name: name})
			}
		}
	}
	return needed
}

func needOf(option modwsgi.DaemonOption) (httpdconf.NeedKind, bool) {
	switch option.Kind {
	case modwsgi.User:
		return httpdconf.NeedsListedUser, true
	case modwsgi.Group:
		if option.Listed {
			return httpdconf.NeedsListedGroup, true
		}
		return httpdconf.NeedsGroup, true
	case modwsgi.Groups:
		return httpdconf.NeedsGroup, true
	}
	return 0, false
}

// argumentsOf splits the arguments of a directive as mod_wsgi does.
func argumentsOf(d *httpdconf.Directive, known modwsgi.Directive) modwsgi.Arguments {
	if known.Leading == 0 {
		return modwsgi.Arguments{Words: d.Words()}
	}
	words, options, rest := splitOptions(d.Args, known.Leading)
	a := modwsgi.Arguments{Words: words, Rest: rest}
	for _, option := range options {
		a.Options = append(a.Options, modwsgi.Option{Name: option.Name, Value: option.Value})
	}
	return a
}

func argsForm(form modwsgi.Form) httpdconf.ArgsForm {
	switch form {
	case modwsgi.Take1:
		return httpdconf.Args1
	case modwsgi.Take2:
		return httpdconf.Args2
	case modwsgi.Take12:
		return httpdconf.Args12
	}
	return httpdconf.ArgsRaw
}

func contextOf(d modwsgi.Directive) httpdconf.Context {
	var context httpdconf.Context
	if d.Contexts.Has(modwsgi.ServerConfig) {
		context |= httpdconf.InServer
		if !d.Contexts.Has(modwsgi.VirtualHost) {
			context |= httpdconf.NotInHost
		}
	}
	if d.Contexts.Has(modwsgi.PerDirectory) {
		context |= httpdconf.InDirectory
	}
	switch d.Override {
	case "FileInfo":
		context |= httpdconf.OverrideFileInfo
	case "AuthConfig":
		context |= httpdconf.OverrideAuthConfig
	}
	return context
}
