package detect

import "strings"

// groupStart is how display-name=%{GROUP} begins: "(wsgi:NAME)".
const groupStart = "(wsgi:"

// groupIn is the daemon process group that a title tells, and whether its name is
// cut off, which may leave nothing of it: argv[0] is "httpd" in many containers.
func groupIn(title string) (group string, cut bool) {
	if len(title) > 0 && len(title) <= len(groupStart) {
		return "", strings.HasPrefix(groupStart, title)
	}
	name, ok := strings.CutPrefix(strings.TrimRight(title, " "), groupStart)
	if !ok {
		return "", false
	}
	group, closed := strings.CutSuffix(name, ")")
	return group, !closed
}

// HasDisplayName tells whether a process shows a display name: see [ShowsName].
func (p LiveProcess) HasDisplayName(name string) bool { return ShowsName(p.title, name) }

// ShowsName tells whether a title, which is argv[0] of a process, shows what display-name
// has mod_wsgi write over it: cut off at the length of that, or else with blanks behind it
// (wsgi_setup_daemon_name). Of a name that is cut off another one with the same
// beginning cannot be told.
func ShowsName(title, name string) bool {
	room := len(title)
	if room == 0 || name == "" {
		return false
	}
	return title == name[:min(room, len(name))]+strings.Repeat(" ", max(0, room-len(name)))
}

// IsDaemon tells a process whose title is that of a daemon process group.
func (p LiveProcess) IsDaemon() bool { return p.Group != "" || p.Cut }

// GroupName is the name of the group for people, with dots for what is cut off.
func (p LiveProcess) GroupName() string {
	if p.Cut {
		return p.Group + "…"
	}
	return p.Group
}
