package audit

import (
	"github.com/wsgictl/wsgictl/httpdconf"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// Module is mod_wsgi's table of directives for reading configuration
// ([httpdconf.Options].Modules): that of one release, or of all when the
// release is not known.
func Module(r modwsgi.Release) httpdconf.Module {
	module := httpdconf.Module{Identifier: "wsgi_module", File: "mod_wsgi.c"}
	for _, d := range modwsgi.Directives(r) {
		form := httpdconf.DirectiveForm{Name: d.Name, Args: argsForm(d.Form), Context: contextOf(d)}
		if d.Section {
			form.Name = "<" + d.Name
		}
		module.Directives = append(module.Directives, form)
	}
	return module
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
