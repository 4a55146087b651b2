package detect

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
)

// A Look is one place that was looked at, and what was found there.
type Look struct {
	Subject string `json:"subject"` // "system", "apache", "running", "headers", "python", "virtualenv", "modules"
	Place   string `json:"place"`   // a path, a command, a list of folders
	Found   string `json:"found"`   // what was found, or that nothing was
}

// A notebook collects looks. Looks of one subject keep their order, since one
// subject is looked at by one goroutine; subjects are put in order at the end.
type notebook struct {
	mu    sync.Mutex
	looks []Look
}

func (n *notebook) note(subject, place, found string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.looks = append(n.looks, Look{subject, place, found})
}

// inOrder gives the looks, subject by subject.
func (n *notebook) inOrder() []Look {
	var ordered []Look
	for _, subject := range []string{"system", "apache", "running", "headers", "virtualenv", "python", "pythons", "modules"} {
		for _, look := range n.looks {
			if look.Subject == subject {
				ordered = append(ordered, look)
			}
		}
	}
	return ordered
}

// The notes of each subject say what its facts were taken from.

func (d *detector) noteSystem() {
	s := d.host.System
	d.notebook.note("system", "os-release", orNone(strings.TrimSpace(s.Distribution+" "+s.DistributionVersion)))
	d.notebook.note("system", "/bin/sh", orNone(s.LibC))
	d.notebook.note("system", "/sys/fs/selinux/enforce", orNone(s.SELinux))
	d.notebook.note("system", "locales", orNone(strings.Join(s.Locales, ", ")))
}

func (d *detector) noteApache(a *Apache, c *configuration) {
	d.notebook.note("apache", a.Path, "Apache "+a.Version+", "+string(a.Layout)+" layout")
	d.notebook.note("apache", "modules compiled in", strings.Join(a.BuiltIn, ", "))
	if a.EnvVars != "" {
		d.notebook.note("apache", a.EnvVars, "variables for the configuration")
	}
	d.notebook.note("apache", a.ConfigFile, fmt.Sprintf("user %s, group %s, MPM %s, %d LoadModule lines for wsgi_module",
		orNone(a.User), orNone(a.Group), orNone(a.MPM), len(a.Loaded)))
	for _, look := range c.unread {
		d.notebook.note(look.Subject, look.Place, look.Found)
	}
	d.notebook.note("apache", cmp.Or(a.ModulesDir, "modules folder"), fmt.Sprintf("%d modules", len(a.Loadable)))
	running := "no running server"
	if a.PID != 0 {
		running = fmt.Sprintf("the server runs as %d", a.PID)
	}
	d.notebook.note("apache", a.PIDFile, running)
}

func (d *detector) noteHeaders(h *Headers) {
	d.notebook.note("headers", h.APXS, "belongs to "+orNone(h.HTTPD))
	header := filepath.Join(h.IncludeDir, "httpd.h")
	d.notebook.note("headers", header, d.presence(header))
	d.notebook.note("headers", h.APRConfig, d.presence(h.APRConfig))
	d.notebook.note("headers", h.APUConfig, d.presence(h.APUConfig))
}

func (d *detector) notePython(p *Python) {
	d.notebook.note("python", p.Path, p.Implementation+" "+p.Version+" of "+p.BasePrefix)
	header := filepath.Join(p.IncludeDir, "Python.h")
	d.notebook.note("python", header, d.presence(header))
	shared := filepath.Join(p.LibDir, p.LDLibrary)
	d.notebook.note("python", cmp.Or(p.Libpython, shared), d.presence(cmp.Or(p.Libpython, shared)))
}

func (t tree) presence(path string) string {
	if path != "" && t.Exists(path) {
		return "is there"
	}
	return "is not there"
}

func orNone(word string) string { return cmp.Or(word, "none") }
