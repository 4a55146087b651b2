package audit

import (
	"iter"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

// naming is one place where the configuration names a process group or an
// application group.
type naming struct {
	*conf.Directive
	option string // that names it; empty where the directive itself does
	name   string // as written, before %{…} is expanded
}

// namings are all places that name groups.
func (f *facts) namings() iter.Seq[naming] {
	return func(yield func(naming) bool) {
		for d := range f.All("WSGIProcessGroup", "WSGIApplicationGroup") {
			if !yield(naming{d, "", d.Word(0)}) {
				return
			}
		}
		for d := range f.All("WSGIScriptAlias", "WSGIScriptAliasMatch", "WSGIHandlerScript", "WSGIImportScript",
			"WSGIDispatchScript", "WSGIAccessScript", "WSGIAuthUserScript", "WSGIAuthGroupScript") {
			for o := range wsgi.OptionsOf(d).Effective() {
				if strings.HasSuffix(o.Name, "-group") && !yield(naming{d, o.Name, o.Value}) {
					return
				}
			}
		}
	}
}

// expanded are the forms that mod_wsgi replaces here, such as "%{GLOBAL}
// %{SERVER}".
func (n naming) expanded(r modwsgi.Release) string {
	if n.option == "" {
		return "%{GLOBAL}, %{RESOURCE}, %{SERVER}, %{HOST}, %{ENV:variable}"
	}
	option, err := modwsgi.LookupScriptOption(n.Directive.Name, n.option, r)
	if err != nil {
		return ""
	}
	return option.Expands
}

// isExpandedBy tells whether mod_wsgi replaces the name.
func (n naming) isExpandedBy(forms string) bool {
	if _, ok := wsgi.VariableOf(n.name); ok {
		return strings.Contains(forms, "%{ENV:")
	}
	return strings.HasPrefix(n.name, "%{") && strings.Index(n.name, "}") == len(n.name)-1 && strings.Contains(forms, n.name)
}
