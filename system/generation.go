package system

import (
	"os"
	"slices"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

// A Generation is what one transaction left behind.
type Generation struct {
	Number   int                `json:"number"`
	Time     time.Time          `json:"time"`
	Command  string             `json:"command"`      // that made it: "apply", "rollback 3"
	Restores int                `json:"restores"`     // the generation that a rollback went back to
	Of       string             `json:"of,omitempty"` // the declaration that a rollback was for; empty where it was for all that had changed
	Managed  map[string]Managed `json:"managed"`
	Sites    map[string]Site    `json:"sites,omitempty"`
	Limits   Limits             `json:"limits,omitzero"`
	Mark     string             `json:"mark,omitempty"` // by which a probe sees that Apache uses it
}

// A Site is what a generation tells of one site.
type Site struct {
	File   string   `json:"file"`   // the wsgictl.toml that declares it
	Daemon string   `json:"daemon"` // daemon process group that serves it
	Checks []Check  `json:"checks"` // how to see that it is served
	Logs   []string `json:"logs,omitempty"`
	Python string   `json:"python"` // that its virtualenv is for: "3.11"

	// Modules are those of Apache that its virtual hosts need; a generation of an
	// older wsgictl does not say.
	Modules []string `json:"modules,omitempty"`

	// Certificate is the file in which mod_md keeps the certificate in use, and Job what
	// it notes of its work on the next one; empty where a site has none of mod_md.
	Certificate string `json:"certificate,omitempty"`
	Job         string `json:"job,omitempty"`

	// Disabled says that the site is declared and not served: nothing is asked.
	Disabled bool `json:"disabled,omitempty"`

	// Trust names the accounts, as --trust does, that can change what Apache goes
	// by as root because of the site's declaration, and that an administrator
	// has trusted with that.
	Trust []string `json:"trust,omitempty"`

	Release string            `json:"release"` // of mod_wsgi that it was declared for
	Sizes   []modwsgi.Setting `json:"sizes"`   // of its daemon process group, by which the whole server is sized
}

// isHTTPS tells whether the site answers HTTPS.
func (s Site) isHTTPS() bool {
	return slices.ContainsFunc(s.Checks, func(c Check) bool { return strings.HasPrefix(c.URL, "https:") })
}

// modules are those of Apache that it needs. That of an older wsgictl needs what
// all sites did.
func (s Site) modules() []string {
	if s.Modules != nil || s.Disabled {
		return s.Modules
	}
	old := templates.Site{}
	if s.isHTTPS() {
		old.SSLCertificateFile = "/"
	}
	return old.Modules()
}

// A Check is one address of a site, and the daemon process group that answers
// there; none where Apache itself redirects.
type Check struct {
	URL    string `json:"url"`
	Daemon string `json:"daemon,omitempty"`

	// Managed says that mod_md gets the certificate: as long as there is none, HTTPS
	// answers with 503, and the daemon process group where HTTP is to redirect.
	Managed bool `json:"managed,omitempty"`
}

// Wanted is what has to stand where so that the generation is in force.
func (g Generation) Wanted() map[string]Want {
	wanted := map[string]Want{}
	for path, managed := range g.Managed {
		wanted[path] = managed.Want
	}
	return wanted
}

// Trusts are the accounts that were trusted for a declaration; for every one
// where no file is named.
func (g Generation) Trusts(file string) []string {
	var names []string
	for _, site := range g.Sites {
		if file == "" || site.File == file {
			names = append(names, site.Trust...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// KnownAs is the name by which the generation knows a declaration, which may be
// reached by a link to it or to its folder.
func (g Generation) KnownAs(file string) string {
	there, err := os.Stat(file)
	if err != nil {
		return file
	}
	for _, known := range filesOf(g.Sites) {
		if info, err := os.Stat(known); err == nil && os.SameFile(there, info) {
			return known
		}
	}
	return file
}

// isRollback tells whether the generation is a former one again.
func (g Generation) isRollback() bool { return strings.HasPrefix(g.Command, "rollback ") }
