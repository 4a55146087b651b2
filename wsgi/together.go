package wsgi

// together is what is known of a whole server: what one rendering of a part of its
// configuration says, and what any rendering of the other parts says that were given
// with it. Of the renderings of one part a server has one alone.
type together struct {
	own    map[fact]bool
	part   int     // the number of the part, from 1
	shared *shared // nil for a part alone
}

// shared is what the parts say that were given together.
type shared struct {
	facts    map[fact]int // which part says a fact, or several
	declared map[string]declaration
}

// A declaration is the first of a group, in the order in which the parts were given.
type declaration struct {
	part  int
	group *Daemon
}

// several is the number of more parts than one.
const several = -1

// A fact is one thing that a configuration says.
type fact struct {
	what statement
	name string // of the group or virtual host, where it is about one
}

// A statement is what a fact is about.
type statement int

const (
	declares  statement = iota // there is a daemon process group of that name
	uses                       // something runs in a group of that name
	leaves                     // there is an application that a request decides on
	serves                     // there is an application
	elsewhere                  // one of them runs somewhere else than in a daemon
	restricts                  // WSGIRestrictEmbedded On is in effect
	secures                    // there is a virtual host of that ServerName for another port than 80
)

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
	shared := &shared{map[fact]int{}, map[string]declaration{}}
	var all []*View
	for i, part := range parts {
		for _, v := range part.Renderings() {
			v.together = newTogether(v, i+1, shared)
			all = append(all, v)
		}
	}
	for _, v := range all { // when it is known which groups all of them declare
		v.together.addApplications(v.Applications)
	}
}

// alone is what a view says without others.
func alone(v *View) *together {
	t := newTogether(v, 0, nil)
	t.addApplications(v.Applications)
	return t
}

// newTogether has all facts of a view but for those of addApplications.
func newTogether(v *View, part int, shared *shared) *together {
	t := &together{own: map[fact]bool{}, part: part, shared: shared}
	for _, group := range v.Daemons {
		t.add(declares, group.Name)
	}
	for _, a := range v.Applications {
		t.add(uses, a.ProcessGroup)
		if a.Mode == Dynamic {
			t.add(leaves, "")
		}
	}
	for _, script := range v.Imports {
		name, _ := script.Options.Get("process-group")
		t.add(uses, name)
	}
	if v.RestrictEmbedded.IsOn() {
		t.add(restricts, "")
	}
	if shared != nil {
		t.addForOthers(v)
	}
	return t
}

// addForOthers adds what a part needs to know of the other ones alone.
func (t *together) addForOthers(v *View) {
	for _, group := range v.Daemons {
		if _, known := t.shared.declared[group.Name]; !known {
			t.shared.declared[group.Name] = declaration{t.part, group}
		}
	}
	for _, s := range v.Servers {
		if s.IsVirtual() && !s.IsPlainHTTP() {
			t.add(secures, s.Name)
		}
	}
}

// addApplications adds whether there are any, and whether all run in daemons, also
// in those that another part declares.
func (t *together) addApplications(applications []*Application) {
	for _, a := range applications {
		t.add(serves, "")
		if a.Mode != DaemonMode && !t.declaresElsewhere(a) {
			t.add(elsewhere, "")
		}
	}
}

func (t *together) add(what statement, name string) {
	f := fact{what, name}
	t.own[f] = true
	if t.shared == nil {
		return
	}
	if by := t.shared.facts[f]; by == 0 {
		t.shared.facts[f] = t.part
	} else if by != t.part {
		t.shared.facts[f] = several
	}
}

// says tells whether the rendering or another part says so.
func (t *together) says(what statement, name string) bool {
	return t.own[fact{what, name}] || t.othersSay(what, name)
}

// othersSay tells whether another part says so.
func (t *together) othersSay(what statement, name string) bool {
	if t.shared == nil {
		return false
	}
	by := t.shared.facts[fact{what, name}]
	return by != 0 && by != t.part
}

// declaresElsewhere is [View.DeclaresElsewhere].
func (t *together) declaresElsewhere(a *Application) bool {
	return (a.Error == CodeNoGroups || a.Error == CodeGroupUnknown) && t.says(declares, a.ProcessGroup)
}

// AllDaemon tells whether there are applications, and all run in daemons.
func (v *View) AllDaemon() bool {
	return v.together.says(serves, "") && !v.together.says(elsewhere, "")
}

// IsUsed tells whether anything may run in a group: an application, also one
// that is refused there, a script that is imported into it, or whatever a
// request chooses.
func (v *View) IsUsed(group *Daemon) bool {
	return v.together.says(leaves, "") || v.together.says(uses, group.Name)
}

// DeclaresElsewhere tells whether an application is refused only because its
// group is declared in another part of the configuration, of those that were
// given to [Together].
func (v *View) DeclaresElsewhere(a *Application) bool { return v.together.declaresElsewhere(a) }

// IsRestricted tells whether WSGIRestrictEmbedded On is in effect in any part of
// the configuration, of those that were given to [Together].
func (v *View) IsRestricted() bool { return v.together.says(restricts, "") }

// DeclaredBefore is the group of that name which an earlier part of the configuration
// declares, of those that were given to [Together], or nil.
func (v *View) DeclaredBefore(name string) *Daemon {
	if v.together.shared == nil {
		return nil
	}
	if first := v.together.shared.declared[name]; first.part < v.together.part {
		return first.group
	}
	return nil
}

// HasCopyElsewhere tells whether another part of the configuration declares that
// group as well, or has a virtual host of that ServerName for another port than 80, of
// those that were given to [Together].
func (v *View) HasCopyElsewhere(group *Daemon) bool {
	return v.together.othersSay(declares, group.Name) || v.together.othersSay(secures, group.Server.Name)
}
