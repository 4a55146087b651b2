package conf

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"
)

// Missing is what httpd refuses for the sake of the host: modules,
// certificates, folders of logs, accounts that are not there. It is asked for
// where the host's files are at hand alone, which the modules that the text
// loads tell: a configuration that lies here and belongs to another host has
// none of this, and [Config.AnotherHost] tells of it where its ServerRoot is not
// here. What may not be looked at is not missing.
func (c *Config) Missing() []Diagnostic {
	if c.IsOfAnotherHost() || !c.IsOfFilesHere() {
		return nil
	}
	m := c.newMissing()
	m.lookAtModules()
	m.lookAtNeeds()
	return m.found
}

func (c *Config) newMissing() *missing {
	return &missing{Config: c, accounts: c.accounts(), seen: map[Need]bool{}}
}

// lookAtNeeds looks for what directives need.
func (m *missing) lookAtNeeds() {
	for _, row := range needsOfFirst {
		for _, name := range row.names {
			m.lookAt(name, func(d *Directive) []Need { return needsOf(row.kind, d) })
		}
	}
	m.lookAt("RewriteMap", needsOfMap)
	m.lookAt("DocumentRoot", needsOfRoot)
	for _, module := range m.extra {
		for _, form := range module.Directives {
			if module.Needs != nil {
				m.lookAt(form.Name, module.Needs)
			}
		}
	}
}

// IsOfFilesHere tells whether the files of the host are those at hand: most of
// the modules are.
func (c *Config) IsOfFilesHere() bool {
	if c.ofThisHost {
		return true
	}
	there, lacking := 0, 0
	for _, d := range c.Loads {
		name := d.Word(1)
		switch {
		case !strings.Contains(name, "/"):
		case c.files.lacks(c.relative(name)):
			lacking++
		default:
			there++
		}
	}
	return there > lacking
}

// missing collects what is not there.
type missing struct {
	*Config
	accounts accounts
	seen     map[Need]bool // of needs, whether something lacks
	found    []Diagnostic
}

func (m *missing) add(d *Directive, message, advice string) {
	found := newDiagnostic(Error, placeOf(d), message)
	found.Advice = advice
	m.found = append(m.found, found)
}

// lookAtModules looks for what reading did not look for: there modules are
// those of this host alone.
func (m *missing) lookAtModules() {
	for _, d := range m.Loads {
		name := d.Word(1)
		if m.ofThisHost || d.Unknown != nil || !strings.Contains(name, "/") || isOpen(d.Args) {
			continue
		}
		if file := m.relative(name); m.files.lacks(file) {
			m.add(d, cannotLoad(name, file), "Install the package that has it, or remove the line.")
		}
	}
}

// lookAt looks for what the directives of a name need.
func (m *missing) lookAt(name string, needs func(d *Directive) []Need) {
	for d := range m.Named(name) {
		m.look(d, needs(d))
	}
}

// look looks for what a directive needs, where it is in effect for certain.
func (m *missing) look(d *Directive, needs []Need) {
	if d.Unknown != nil || d.Source.File.Template || isOpen(d.Args) || m.isReplaced(d) {
		return
	}
	for _, need := range needs {
		lacks, known := m.seen[need]
		if !known {
			lacks = m.lacks(need)
			m.seen[need] = lacks
		}
		if lacks {
			message, advice := m.missingText(d, need)
			m.add(d, message, advice)
			return
		}
	}
}

// isReplaced tells an ErrorLog before another one of its server.
func (m *missing) isReplaced(d *Directive) bool {
	if !d.Is("ErrorLog") {
		return false
	}
	for later := d.next; later != nil; later = later.next {
		if later.Is("ErrorLog") && later.Unknown == nil {
			return true
		}
	}
	return false
}

// lacks tells whether it is certain that something is not there.
func (m *missing) lacks(n Need) bool {
	if n.Kind >= NeedsUser {
		return m.accounts.lacks(n)
	}
	name := m.relative(n.Name)
	if n.Kind == NeedsFolderOf {
		name = path.Dir(name)
	}
	switch {
	case m.files.root != "" && isFilledAtStart(name):
		return false
	case m.files.lacks(name):
		return true
	}
	info, err := os.Stat(m.files.path(name))
	switch {
	case err != nil:
		return false
	case n.Kind == NeedsFile:
		return !info.Mode().IsRegular() || info.Size() == 0
	case n.Kind == NeedsFolder, n.Kind == NeedsFolderOf:
		return !info.IsDir()
	}
	return false
}

// isFilledAtStart tells names that a system makes when it starts: below a root
// that does not run they lack.
func isFilledAtStart(name string) bool {
	for _, folder := range []string{"/run/", "/var/run/", "/var/lock/", "/tmp/", "/dev/", "/proc/", "/sys/"} {
		if strings.HasPrefix(name+"/", folder) {
			return true
		}
	}
	return false
}

// missingText says what lacks as httpd does, where its words say enough.
func (m *missing) missingText(d *Directive, n Need) (message, advice string) {
	name := n.Name
	if n.Kind < NeedsUser {
		name = m.relative(name)
	}
	switch n.Kind {
	case NeedsFile:
		return fmt.Sprintf("%s: file '%s' does not exist or is empty", d.Name, name), "Put the file there, or correct its name."
	case NeedsAnything:
		return fmt.Sprintf("%s: file '%s' does not exist", d.Name, name), "Put the file there, or correct its name."
	case NeedsFolder:
		return fmt.Sprintf("%s: '%s' is not a directory", d.Name, name), "Make the folder, or correct its name."
	case NeedsFolderOf:
		return fmt.Sprintf("%s: cannot access directory '%s'", d.Name, path.Dir(name)), "Make the folder, owned by root: Apache opens its logs before it gives root up."
	case NeedsUser, NeedsListedUser:
		return fmt.Sprintf("%s: bad user name %s: no account of this host", d.Name, name), "Make the account, or correct its name."
	}
	return fmt.Sprintf("%s: bad group name %s: no group of this host", d.Name, name), "Make the group, or correct its name."
}

// lacks tells whether it is certain that there is nothing of that name.
func (f *files) lacks(name string) bool {
	_, err := os.Stat(f.path(name))
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}
