package wsgi

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// Module is mod_wsgi's table of directives for reading configuration
// ([conf.Options].Modules): that of one release, or of all when the
// release is not known.
func Module(r modwsgi.Release) conf.Module {
	module := conf.Module{Identifier: "wsgi_module", File: "mod_wsgi.c", Refuses: refuses, Needs: needs}
	for _, d := range modwsgi.Directives(r) {
		form := conf.DirectiveForm{Name: d.Name, Args: argsForm(d.Form), Context: contextOf(d)}
		if d.Section {
			form.Name = "<" + d.Name
		}
		module.Directives = append(module.Directives, form)
	}
	return module
}

// refuses tells of the directive of that name what mod_wsgi has against its
// arguments. The releases differ in what they know, not in what they ask of it.
func refuses(name string) func(*conf.Directive) string {
	known, err := modwsgi.LookupDirective(strings.TrimPrefix(name, "<"), modwsgi.Release{})
	if err != nil {
		return nil
	}
	return func(d *conf.Directive) string { return refusal(d, known) }
}

func refusal(d *conf.Directive, known modwsgi.Directive) string {
	err := known.Refuses(argumentsOf(d, known))
	switch {
	case known.Section && !strings.Contains(d.Args, ">"):
		return known.Title() + " directive missing closing '>'"
	case err != nil:
		return err.Error()
	case known.Name == "WSGIScriptAliasMatch" && conf.IsBrokenPattern(d.Word(0)):
		return "WSGIScriptAliasMatch: regular expression " + d.Word(0) + " could not be compiled"
	}
	return ""
}

// needs are the accounts that the groups of a WSGIDaemonProcess need.
func needs(d *conf.Directive) []conf.Need {
	if !d.Is("WSGIDaemonProcess") {
		return nil
	}
	var needed []conf.Need
	for _, option := range OptionsOf(d) {
		known, err := modwsgi.LookupDaemonOption(option.Name, modwsgi.Release{})
		if err != nil || option.Value == "" {
			continue
		}
		for name := range strings.SplitSeq(option.Value, ",") {
			if kind, ok := needOf(known); ok && name != "" {
				needed = append(needed, conf.Need{Kind: kind, Name: name})
			}
		}
	}
	return needed
}

func needOf(option modwsgi.DaemonOption) (conf.NeedKind, bool) {
	switch option.Kind {
	case modwsgi.User:
		return conf.NeedsListedUser, true
	case modwsgi.Group:
		if option.Listed {
			return conf.NeedsListedGroup, true
		}
		return conf.NeedsGroup, true
	case modwsgi.Groups:
		return conf.NeedsGroup, true
	}
	return 0, false
}

// argumentsOf splits the arguments of a directive as mod_wsgi does.
func argumentsOf(d *conf.Directive, known modwsgi.Directive) modwsgi.Arguments {
	if known.Leading == 0 {
		return modwsgi.Arguments{Words: d.Words()}
	}
	words, options, rest := conf.SplitRaw(d.Args, known.Leading)
	a := modwsgi.Arguments{Words: words, Rest: rest}
	for _, option := range options {
		a.Options = append(a.Options, modwsgi.Option{Name: option.Name, Value: option.Value})
	}
	return a
}

func argsForm(form modwsgi.Form) conf.ArgsForm {
	switch form {
	case modwsgi.Take1:
		return conf.Args1
	case modwsgi.Take2:
		return conf.Args2
	case modwsgi.Take12:
		return conf.Args12
	}
	return conf.ArgsRaw
}

func contextOf(d modwsgi.Directive) conf.Context {
	var context conf.Context
	if d.Contexts.Has(modwsgi.ServerConfig) {
		context |= conf.InServer
		if !d.Contexts.Has(modwsgi.VirtualHost) {
			context |= conf.NotInHost
		}
	}
	if d.Contexts.Has(modwsgi.PerDirectory) {
		context |= conf.InDirectory
	}
	switch d.Override {
	case "FileInfo":
		context |= conf.OverrideFileInfo
	case "AuthConfig":
		context |= conf.OverrideAuthConfig
	}
	return context
}
