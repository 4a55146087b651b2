package wsgi

import (
	"cmp"
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// The conditions of templates can be decided in several ways, each of which is a
// configuration of its own, with a view of its own.

// Renderings are the views of all of them, of which this is the first. Without
// templates it is the only one.
func (v *View) Renderings() []*View { return append([]*View{v}, v.renderings...) }

// HasMarkedGroup tells whether the name of a daemon process group is not known.
func (v *View) HasMarkedGroup() bool { return v.hasMarkedGroup }

// mounted is one way in which an application is hosted, in any rendering.
type mounted struct {
	via                 conf.Pos
	name, mount, script string
}

func (a *Application) mounted() mounted {
	return mounted{a.Via.Pos(), a.Server.Name, a.Mount, a.Script}
}

// Inventory are the applications of all renderings, each once. Where they do not
// agree on where one runs, its verdict is dynamic. So it is where another part of the
// configuration declares its group, of those that were given to [Together].
func (v *View) Inventory() []*Application {
	if len(v.renderings) == 0 {
		return v.amongOthers()
	}
	var all []*Application
	first := map[mounted]*Application{}
	for _, view := range v.Renderings() {
		for _, a := range view.amongOthers() {
			switch other := first[a.mounted()]; {
			case other == nil:
				own := *a
				first[a.mounted()] = &own
				all = append(all, &own)
			case other.Mode != Dynamic && !other.same(a.Verdict):
				other.doubt(cmp.Or(other.DecidedBy, a.DecidedBy), Undecided{Kind: ByTemplate})
			}
		}
	}
	return all
}

// amongOthers are the applications of one rendering, as they are with the other parts of
// the configuration.
func (v *View) amongOthers() []*Application {
	applications := slices.Clone(v.Applications)
	for i, a := range applications {
		if v.DeclaresElsewhere(a) {
			own := *a
			own.doubt(a.DecidedBy, Undecided{ByOtherFile, a.ProcessGroup})
			applications[i] = &own
		}
	}
	return applications
}

// with is the answer of two renderings.
func (a Answer) with(other Answer) Answer {
	switch {
	case a.Application == nil && other.Application == nil:
		return a.orElse(other, Undecided{Kind: ByTemplate})
	case a.Application == nil:
		a, other = other, a
	case a.Application.Mode == Dynamic || other.Application != nil && a.Application.same(other.Application.Verdict):
		return a
	}
	own := *a.Application
	own.doubt(own.DecidedBy, Undecided{Kind: ByTemplate})
	a.Application = &own
	return a
}
