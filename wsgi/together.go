package wsgi

// together is what is known of a whole server: what all parts of its configuration
// that were given together say.
type together struct {
	declared   map[string]bool // names of daemon process groups
	used       map[string]bool // names of groups that something runs in
	dynamic    bool            // there is an application that a request decides on
	serves     bool            // there is an application
	elsewhere  bool            // one of them runs somewhere else than in a daemon
	restricted bool            // WSGIRestrictEmbedded On is in effect
}

// Together has rules that speak of a whole server judge these views as parts of
// one: a directory of sites, say, of which none knows alone which groups the
// others use. A view of a whole server is left to itself. Each part keeps its
// own findings and verdicts, since nothing says that they are of one server.
func Together(views []*View) {
	var parts []*View
	for _, v := range views {
		if !v.Config.Complete {
			parts = append(parts, v)
		}
	}
	if len(parts) < 2 {
		return
	}
	server := newTogether(parts...)
	for _, v := range parts {
		v.together = server
	}
}

func newTogether(parts ...*View) *together {
	t := &together{declared: map[string]bool{}, used: map[string]bool{}}
	for _, v := range parts {
		t.addGroups(v)
	}
	for _, v := range parts {
		for _, a := range v.Applications {
			t.serves = true
			t.elsewhere = t.elsewhere || !t.isDaemon(a)
		}
	}
	return t
}

func (t *together) addGroups(v *View) {
	for _, group := range v.Daemons {
		t.declared[group.Name] = true
	}
	for _, a := range v.Applications {
		t.used[a.ProcessGroup] = true
		t.dynamic = t.dynamic || a.Mode == Dynamic
	}
	for _, script := range v.Imports {
		name, _ := script.Options.Get("process-group")
		t.used[name] = true
	}
	t.restricted = t.restricted || v.RestrictEmbedded.IsOn()
}

// isDaemon tells whether an application runs in a daemon, also one that another
// part declares.
func (t *together) isDaemon(a *Application) bool {
	return a.Mode == DaemonMode || t.declaresElsewhere(a)
}

// declaresElsewhere is [View.DeclaresElsewhere].
func (t *together) declaresElsewhere(a *Application) bool {
	return (a.Error == CodeNoGroups || a.Error == CodeGroupUnknown) && t.declared[a.ProcessGroup]
}

// AllDaemon tells whether there are applications, and all run in daemons.
func (v *View) AllDaemon() bool { return v.together.serves && !v.together.elsewhere }

// IsUsed tells whether anything may run in a group: an application, also one
// that is refused there, a script that is imported into it, or whatever a
// request chooses.
func (v *View) IsUsed(group *Daemon) bool { return v.together.dynamic || v.together.used[group.Name] }

// DeclaresElsewhere tells whether an application is refused only because its
// group is declared in another part of the configuration, of those that were
// given to [Together].
func (v *View) DeclaresElsewhere(a *Application) bool { return v.together.declaresElsewhere(a) }

// IsRestricted tells whether WSGIRestrictEmbedded On is in effect in any part of
// the configuration, of those that were given to [Together].
func (v *View) IsRestricted() bool { return v.together.restricted }
