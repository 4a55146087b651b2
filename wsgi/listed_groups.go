package wsgi

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// listedGroups are the groups that a WSGIRestrictProcess admits.
type listedGroups struct {
	names      []string // in lower case and order, each once
	isTemplate bool     // some of them are not known before a template is rendered
}

// newListedGroups takes %{GLOBAL} for the empty name. Names are compared without
// case, as in any apr_table.
func newListedGroups(restriction *conf.Directive) listedGroups {
	names := restriction.Words()
	for i, name := range names {
		if names[i] = strings.ToLower(name); name == "%{GLOBAL}" {
			names[i] = ""
		}
	}
	slices.Sort(names)
	return listedGroups{slices.Compact(names), conf.HasMark(restriction.Args)}
}

func (l listedGroups) admit(name string) bool {
	_, found := slices.BinarySearch(l.names, strings.ToLower(name))
	return found
}

// groupsListedBy are the groups of a restriction; nil is for none. Those of the
// configuration are known, since each of many applications asks for them; a .htaccess
// file is asked by one request.
func (v *View) groupsListedBy(restriction *conf.Directive) listedGroups {
	if restriction == nil {
		return listedGroups{}
	}
	if listed, ok := v.listed[restriction]; ok {
		return listed
	}
	return newListedGroups(restriction)
}

// findListedGroups are the groups of each WSGIRestrictProcess of the configuration.
func (v *View) findListedGroups() map[*conf.Directive]listedGroups {
	all := map[*conf.Directive]listedGroups{}
	for d := range v.Config.Named("WSGIRestrictProcess") {
		all[d] = newListedGroups(d)
	}
	return all
}
