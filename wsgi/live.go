package wsgi

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/detect"
)

// Disagreement is one thing in which a running server and its files differ.
type Disagreement struct {
	Name    string `json:"name"` // stable: "files-newer"
	Message string `json:"message"`
	Remedy  string `json:"remedy"`
}

// grace is how far the times of processes and files may be apart: the boot
// time that the kernel tells is rounded to seconds.
const grace = 2 * time.Second

// Disagreements tell where a running server differs from its files. modified
// are the times at which the files of the configuration were last written.
func (v *View) Disagreements(live *detect.Live, modified map[string]time.Time) []Disagreement {
	found := []Disagreement{}
	add := func(d ...Disagreement) { found = append(found, d...) }
	add(newerFiles(live, modified)...)
	add(v.missingGroups(live)...)
	add(v.strayGroups(live)...)
	add(v.otherModule(live)...)
	add(v.otherPython(live)...)
	add(v.needlessPython(live)...)
	add(v.unheardTelemetry()...)
	return found
}

// ModifiedTimes are those at which the files of the configuration were last written,
// by name.
func (v *View) ModifiedTimes() map[string]time.Time {
	times := map[string]time.Time{}
	for _, file := range v.Config.Files {
		if info, err := os.Stat(v.Config.Path(file.Name)); err == nil {
			times[file.Name] = info.ModTime()
		}
	}
	return times
}

// reloaded is when the server took up its configuration last: no child is
// older than that.
func reloaded(live *detect.Live) time.Time {
	at := live.Started
	for i, child := range live.Children {
		if i == 0 || child.Started.Before(at) {
			at = child.Started
		}
	}
	return at
}

func newerFiles(live *detect.Live, modified map[string]time.Time) []Disagreement {
	var newer []string
	for name, at := range modified {
		if at.After(reloaded(live).Add(grace)) {
			newer = append(newer, name)
		}
	}
	if len(newer) == 0 {
		return nil
	}
	slices.Sort(newer)
	return []Disagreement{{
		"files-newer", fmt.Sprintf("changed since the last reload: %s", strings.Join(newer, ", ")),
		"Reload Apache, so that the server is what the files say.",
	}}
}

// DisplayName is what display-name calls the processes of a group. It is empty
// where they cannot be told by name.
func (d *Daemon) DisplayName() string {
	name, _ := d.Options.Get("display-name")
	if name == "%{GROUP}" {
		return "(wsgi:" + d.Name + ")"
	}
	return name
}

// groupsOf are the groups that a process may be of: several where its title has
// room for the beginning of their names alone.
func (v *View) groupsOf(p detect.LiveProcess) []*Daemon {
	var groups []*Daemon
	for _, group := range v.Daemons {
		if p.HasDisplayName(group.DisplayName()) {
			groups = append(groups, group)
		}
	}
	return groups
}

func (v *View) missingGroups(live *detect.Live) []Disagreement {
	var found []Disagreement
	for _, group := range v.Daemons {
		name := group.DisplayName()
		if name != "" && !slices.ContainsFunc(live.Children, func(p detect.LiveProcess) bool { return p.HasDisplayName(name) }) {
			found = append(found, Disagreement{
				"group-not-running", fmt.Sprintf("no process of the daemon process group %s runs", group.Name),
				"Reload Apache; if it does not come, its error log tells why.",
			})
		}
	}
	return found
}

func (v *View) strayGroups(live *detect.Live) []Disagreement {
	var found []Disagreement
	seen := map[string]bool{}
	for _, p := range live.Children {
		name := p.GroupName()
		if !p.IsDaemon() || seen[name] || len(v.groupsOf(p)) > 0 {
			continue
		}
		seen[name] = true
		found = append(found, Disagreement{
			"group-not-declared", fmt.Sprintf("process %d is of the daemon process group %s, which the files do not declare", p.PID, name),
			"Reload Apache, so that the server is what the files say.",
		})
	}
	return found
}

// otherModule compares the mod_wsgi and the Python in use with those on disk.
func (v *View) otherModule(live *detect.Live) []Disagreement {
	var found []Disagreement
	seen := map[string]bool{}
	for _, p := range live.Children {
		for _, file := range p.Replaced {
			if !seen[file] {
				seen[file] = true
				found = append(found, Disagreement{
					"file-replaced", fmt.Sprintf("%s was replaced while process %d uses the old one", file, p.PID),
					"Restart Apache: a reload keeps what is loaded.",
				})
			}
		}
		if p.Module == "" || seen[p.Module] {
			continue
		}
		seen[p.Module] = true
		if loaded := v.ModuleFile(); loaded != "" && filepath.Base(target(loaded)) != filepath.Base(p.Module) {
			found = append(found, Disagreement{
				"other-module", fmt.Sprintf("the server uses %s, and the files load %s", p.Module, loaded),
				"Restart Apache: a reload keeps what is loaded.",
			})
		}
	}
	return found
}

// target is what a link leads to, as the kernel names what a process has loaded.
// Debian's mod_wsgi.so is one.
func target(name string) string {
	if real, err := filepath.EvalSymlinks(name); err == nil {
		return real
	}
	return name
}

// ModuleFile is the file that LoadModule names for mod_wsgi, as the text or the
// host's facts tell.
func (v *View) ModuleFile() string {
	if loads := v.ModuleLoads(); len(loads) > 0 {
		return v.LoadedFile(loads[0])
	}
	if v.Host == nil || v.Host.Apache == nil || len(v.Host.Apache.Loaded) == 0 {
		return ""
	}
	return v.Host.Apache.Loaded[0].Path
}

// otherPython compares the Python that runs in each process with the one that
// the module of the files is built for, and with that of the Python home of its
// group.
func (v *View) otherPython(live *detect.Live) []Disagreement {
	var found []Disagreement
	module := v.ModuleFile()
	seen := map[string]bool{}
	for _, p := range live.Children {
		running := libpythonVersion(p.Libpython)
		group := p.GroupName()
		if running == "" || seen[group] {
			continue
		}
		if built := v.ModuleVersion(module); built != "" && built != running {
			seen[group] = true
			found = append(found, Disagreement{
				"other-python", fmt.Sprintf("process %d runs Python %s, and %s is built for Python %s", p.PID, running, module, built),
				"Restart Apache: a reload keeps what is loaded.",
			})
			continue
		}
		home := v.homeOf(p)
		if own := v.HomeVersion(home); own != "" && own != running {
			seen[group] = true
			found = append(found, Disagreement{
				"other-python", fmt.Sprintf("process %d runs Python %s, and its Python home %s is of Python %s", p.PID, running, home, own),
				"Make the virtualenv anew with Python " + running + ", or build mod_wsgi for the Python that it is of.",
			})
		}
	}
	return found
}

// homeOf is the Python home of a process by the files: of its group, else of
// the server. It is empty where it may be of several groups.
func (v *View) homeOf(p detect.LiveProcess) string {
	groups := v.groupsOf(p)
	if len(groups) > 1 {
		return ""
	}
	if len(groups) == 1 {
		if home, ok := groups[0].Options.Get("python-home"); ok {
			return home
		}
	}
	if d := v.Main().Last("WSGIPythonHome"); d != nil {
		return d.Word(0)
	}
	return ""
}

// needlessPython finds Python in Apache's own processes although all
// applications are daemons.
func (v *View) needlessPython(live *detect.Live) []Disagreement {
	on := v.RestrictEmbedded != nil && strings.EqualFold(v.RestrictEmbedded.Word(0), "On")
	var nameless []*Daemon
	for _, group := range v.Daemons {
		if name, _ := group.Options.Get("display-name"); name == "" {
			nameless = append(nameless, group)
		}
	}
	if on || !v.AllDaemon() || len(nameless) > 0 {
		return nil // the processes of groups without a name cannot be told from Apache's
	}
	children := 0
	for _, p := range live.Children {
		if p.Libpython != "" && !p.IsDaemon() && len(v.groupsOf(p)) == 0 {
			children++
		}
	}
	if children == 0 {
		return nil
	}
	return []Disagreement{{
		"python-in-children", fmt.Sprintf("%d of Apache's own processes hold Python, although all applications are daemons", children),
		"Write WSGIRestrictEmbedded On.",
	}}
}
