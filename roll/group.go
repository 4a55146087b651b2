package roll

import (
	"time"

	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/roll/ready"
	"github.com/wsgictl/wsgictl/wsgi"
)

// A Group is a daemon process group, as a configuration declares it.
type Group struct {
	Name    string
	Title   string        // what display-name calls its processes; empty where they cannot be told apart
	Titles  []string      // of the other groups: processes show as much of a title as they have room for
	Serves  bool          // requests; otherwise it runs what it imports, and nobody waits for it
	Signs   int           // how many of its imports say that applications are loaded
	Ending  time.Duration // what a process has for its requests once it is told to end
	Scripts []string      // of the applications that it serves, in the order of the text
	Log     string        // the error log of its processes; empty where that is no file
}

// Groups are those of a configuration, in the order of its text.
func Groups(view *wsgi.View) []Group {
	groups := make([]Group, 0, len(view.Daemons))
	for _, d := range view.Daemons {
		groups = append(groups, Group{
			Name: d.Name, Title: d.DisplayName(), Serves: !d.IsService(), Ending: endingOf(d),
			Signs: signsOf(view, d), Scripts: scriptsOf(view, d), Log: installed.ErrorLog(d.Server),
		})
	}
	for i := range groups {
		for j, other := range groups {
			if i != j && other.Title != "" {
				groups[i].Titles = append(groups[i].Titles, other.Title)
			}
		}
	}
	return groups
}

// shutdownTimeout is what mod_wsgi takes without shutdown-timeout.
const shutdownTimeout = 5 * time.Second

// endingOf is the time for requests: that of eviction-timeout or graceful-timeout, in
// which the process takes new ones too, then that of shutdown-timeout.
func endingOf(d *wsgi.Daemon) time.Duration {
	ending := shutdownTimeout
	if n, given := d.Number("shutdown-timeout"); given && n >= 0 {
		ending = time.Duration(n) * time.Second
	}
	for _, name := range []string{"eviction-timeout", "graceful-timeout"} {
		if n, given := d.Number(name); given && n > 0 {
			return ending + time.Duration(n)*time.Second
		}
	}
	return ending
}

// signsOf counts the imports of a group that are files of package ready.
func signsOf(view *wsgi.View, d *wsgi.Daemon) int {
	const limit = 1 << 20 // bytes
	signs := 0
	for _, script := range view.Imports {
		if group, _ := script.Options.Get("process-group"); group != d.Name {
			continue
		}
		if text, err := view.Config.ReadFile(script.Script, limit); err == nil && ready.IsScript(text) {
			signs++
		}
	}
	return signs
}

func scriptsOf(view *wsgi.View, d *wsgi.Daemon) []string {
	var scripts []string
	for _, a := range view.Applications {
		if a.Daemon == d && a.Script != "" && len(scripts) < mostScripts {
			scripts = append(scripts, a.Script)
		}
	}
	return scripts
}

// mostScripts are shown to somebody who is to write their names down.
const mostScripts = 5
