package system

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/trust"
)

// A use is a file or folder that decides what is done as root.
type use struct {
	path   string
	what   string // "the log folder of site shop"
	why    string // what its owner could do: "Apache writes there as root"
	remedy string // what makes it root's alone

	// above is a folder: who can change what lies above it has that say without
	// wsgictl too.
	above string
}

// refuse is an error about each use that somebody could change who is not
// trusted; it wraps a [trust.Untrusted].
func refuse(uses []use, trusted trust.Trustees) error {
	var all []error
	for _, u := range uses {
		if err := trusted.Accept(u.way()); err != nil {
			all = append(all, u.refusal(err))
		}
	}
	return errors.Join(all...)
}

// way leads to what is used, also where that is not there yet.
func (u use) way() trust.Way {
	way, _ := trust.Look(u.path)
	way.Holes = slices.DeleteFunc(way.Holes, func(hole trust.Hole) bool {
		return !hole.Open && u.above != hole.At && isInside(u.above, hole.At)
	})
	return way
}

func (u use) refusal(err error) error {
	risk := ""
	if untrusted := (*trust.Untrusted)(nil); errors.As(err, &untrusted) && untrusted.Hole.Option() != "" {
		risk = ", or take the risk by name: " + untrusted.Hole.Option()
	}
	return fmt.Errorf("%s is not root's alone, and %s: %w; %s%s", u.what, u.why, err, u.remedy, risk)
}

// needed are those among the names of accounts that could change something that
// is used.
func needed(names []string, uses []use) []string {
	if len(names) == 0 {
		return nil
	}
	able := map[int]bool{}
	for _, u := range uses {
		accounts, _ := u.way().Accounts()
		for _, account := range accounts {
			able[account.UID] = true
		}
	}
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !able[uidOf(name)] })
	slices.Sort(names)
	return slices.Compact(names)
}

// uidOf is the user id of an account, named as --trust names it; -1 of none.
func uidOf(name string) int {
	if number, byNumber := strings.CutPrefix(name, "#"); byNumber {
		if uid, err := strconv.Atoi(number); err == nil {
			return uid
		}
	}
	if account, err := trust.LookupHost(name); err == nil {
		return account.UID
	}
	return -1
}

// trustFor refuses what Apache would go by as root because of a declaration and
// somebody could change whom it does not name, and gives those named who can.
func (m Manager) trustFor(d Declaration) ([]string, error) {
	trusted, err := trust.Deciders().And(d.Trust...)
	if err != nil {
		return nil, err
	}
	uses := d.uses(m.Apache)
	return needed(d.Trust, append(uses, m.Apache.uses()...)), refuse(uses, trusted)
}

// noteTrust says in the file that loads mod_wsgi who, beside root, can change
// what Apache goes by as root.
func (m Manager) noteTrust(all map[string]Want, sites map[string]Site) error {
	path := m.load.file(m.layout.name)
	want, loads := all[path]
	if !loads || want.Adopted {
		return nil
	}
	if err := m.Store.fill(&want.Entry); err != nil {
		return err
	}
	text := trustLine().ReplaceAllString(withoutFirstLine(want.content), "")
	for _, name := range slices.Backward((Generation{Sites: sites}).Trusts("")) {
		text = fmt.Sprintf(trustComment, name) + text
	}
	want.Entry = NewFile(withFirstLine(text, ""), want.Mode)
	all[path] = want
	return nil
}

const trustComment = "# --trust %s: this account can change what Apache uses as root, and so become root.\n"

var trustLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^# --trust .*\n`) })

// uses are what the control of this Apache goes by.
func (a *Apache) uses() []use {
	const own = "give it to root (chown root:), and let nobody else write to it (chmod go-w)"
	uses := []use{
		{path: a.Path, what: "the program " + a.Path, why: "root starts it", remedy: own},
		{path: a.PIDFile, what: "the pid file " + a.PIDFile, why: "root's signals go to the process that it names", remedy: own},
	}
	if a.Control != "" {
		uses = append(uses, use{path: a.Control, what: "the program " + a.Control, why: "root starts it", remedy: own})
	}
	if a.EnvVars != "" {
		uses = append(uses, use{path: a.EnvVars, what: "the file " + a.EnvVars, why: "root's shell runs what it says", remedy: own})
	}
	return uses
}

// uses are what Apache goes by as root because of the declaration.
func (d Declaration) uses(apache *Apache) []use {
	uses := []use{{
		path: d.File, what: "the declaration", why: "it says what Apache does as root",
		remedy: "put it where root alone can write, such as " + DeclarationFolder() + ", and name it with --file",
	}}
	for _, library := range append(slices.Clone(d.Module.Libraries), d.Module.LoadFile) {
		if library != "" {
			uses = append(uses, use{path: library, what: "the Python of mod_wsgi", why: "Apache loads its library as root", remedy: otherPython("")})
		}
	}
	for _, daemon := range d.Daemons {
		if folder := setting(daemon, "chroot"); folder != "" {
			uses = append(uses, use{path: folder, what: "the chroot of daemon " + daemon.Name, why: "its processes enter it as root", remedy: "give it to root"})
		}
		venv, err := detect.ReadVirtualenv(setting(daemon, "python-home"))
		if err == nil && venv.Home != "" {
			uses = append(uses, use{path: standardLibrary(venv), what: "the Python of daemon " + daemon.Name, why: "Apache starts it", remedy: otherPython(venv.Path)})
		}
	}
	logs := apache.LogDirectory()
	for _, site := range d.Sites {
		if site.LogDirectory != "" {
			uses = append(uses, use{
				path: site.LogDirectory, what: "the log folder of site " + site.Name, above: logs,
				why:    "Apache writes there as root, also through a link in the place of a log",
				remedy: fmt.Sprintf("give it to root (chown root: %[1]s && chmod go-w %[1]s), or name another log-directory", site.LogDirectory),
			})
		}
		if site.SSLCertificateKeyFile != "" {
			uses = append(uses, use{
				path: site.SSLCertificateKeyFile, what: "the certificate key of site " + site.Name,
				why: "Apache reads it as root", remedy: "keep it where root alone can write, such as /etc/ssl/private",
			})
		}
	}
	return uses
}

// otherPython is how a virtualenv comes to a Python that is root's.
func otherPython(venv string) string {
	venv = cmp.Or(venv, "DIR")
	owner := "OWNER"
	if way, err := trust.Look(venv); err == nil {
		if account, foreign, err := way.Owner(); foreign && err == nil && account.Name != "" {
			owner = account.Name
		}
	}
	return fmt.Sprintf("make the virtualenv with a Python that is root's: runuser -u %s -- /usr/bin/python3 -m venv --clear %s", owner, filepath.Clean(venv))
}
