package conf

import (
	"fmt"
	"path"
	"strings"
)

// anotherHost is what shows that a configuration is of another host, or of a
// container: its ServerRoot is no folder here. What else it names and is not
// here is no fault of it.
type anotherHost struct {
	root     string
	at       place
	includes []string // what they name and is not here
}

// IsOfAnotherHost tells a configuration whose ServerRoot is not here, so that it
// is none of this host, nor of the files below Options.Root.
func (c *Config) IsOfAnotherHost() bool { return c.another != nil }

// AnotherHost is the one note about all that a configuration of another host
// names and that is not here: no other diagnostic tells of it. It is asked for
// only where the configuration [Config.IsOfAnotherHost].
func (c *Config) AnotherHost() Diagnostic {
	message := fmt.Sprintf("ServerRoot %s is not here: this is the configuration of another host or of a container", c.another.root)
	if absent := c.absentHere(); len(absent) > 0 {
		message += "; what it names there is not looked at: " + strings.Join(absent, ", ")
	}
	note := newDiagnostic(Notice, c.another.at, message)
	note.Advice = "Where the files of that host are at hand, name their folder with --root."
	return note
}

// absentHere says how much of each kind is not here. Accounts are not looked for.
func (c *Config) absentHere() []string {
	m := c.newMissing()
	m.lookAtModules()
	modules := len(m.found)
	m.lookAtNeeds()
	lacking := map[NeedKind]map[string]bool{NeedsFile: {}, NeedsAnything: {}, NeedsFolder: {}}
	for need, lacks := range m.seen {
		kind, name := need.Kind, c.relative(need.Name)
		if kind == NeedsFolderOf {
			kind, name = NeedsFolder, path.Dir(name)
		}
		if lacks && lacking[kind] != nil {
			lacking[kind][name] = true
		}
	}
	var counts []string
	count := func(n int, one, many string) {
		switch {
		case n == 1:
			counts = append(counts, "1 "+one)
		case n > 1:
			counts = append(counts, fmt.Sprintf("%d %s", n, many))
		}
	}
	count(len(c.another.includes), "include ("+firstOf(c.another.includes)+")", "includes ("+firstOf(c.another.includes)+")")
	count(modules, "module", "modules")
	count(len(lacking[NeedsFile]), "certificate or key", "certificates and keys")
	count(len(lacking[NeedsAnything]), "other file", "other files")
	count(len(lacking[NeedsFolder]), "folder", "folders")
	return counts
}

// shownNames is how many names a note has.
const shownNames = 3

func firstOf(names []string) string {
	text := strings.Join(names[:min(shownNames, len(names))], ", ")
	if rest := len(names) - shownNames; rest > 0 {
		text += fmt.Sprintf(" and %d more", rest)
	}
	return text
}
