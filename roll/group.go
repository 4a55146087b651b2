package roll

import (
	"time"

	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/roll/ready"
	"github.com/wsgictl/wsgictl/wsgi"
)

// A Group is a daemon process group, as a configuration declares it.
type Group struct {
	Name      string
	Title     string        // what display-name calls its processes; empty where they cannot be told apart
	Titles    []string      // of all groups: processes show as much of a title as they have room for
	Processes int           // that it is to have
	Serves    bool          // requests; otherwise it runs what it imports, and nobody waits for it
	Signs     int           // how many of its imports say that applications are loaded
	Ending    time.Duration // what a process has for its requests once it is told to end
	Scripts   []string      // of the applications that it serves, in the order of the text
	Home      string        // the virtualenv of its processes; empty where none is named
	Log       string        // the error log of its processes; empty where that is no file
}

// Groups are those of a configuration, in the order of its text.
func Groups(view *wsgi.View) []Group {
	groups := make([]Group, 0, len(view.Daemons))
	signs, scripts := signsOf(view), scriptsOf(view)
	var titles []string
	for _, d := range view.Daemons {
		if title := d.DisplayName(); title != "" {
			titles = append(titles, title)
		}
	}
	for _, d := range view.Daemons {
		groups = append(groups, Group{
			Name: d.Name, Title: d.DisplayName(), Titles: titles, Processes: processesOf(d), Serves: !d.IsService(), Ending: endingOf(d),
			Signs: signs[d.Name], Scripts: scripts[d], Home: homeOf(d), Log: installed.ErrorLog(d.Server),
		})
	}
	return groups
}

func homeOf(d *wsgi.Daemon) string {
	home, _ := d.Options.Get("python-home")
	return home
}

// processesOf is how many a group is to have.
func processesOf(d *wsgi.Daemon) int {
	if n, given := d.Number("processes"); given {
		return max(n, 1)
	}
	return 1
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

// signsOf counts the imports that are files of package ready, by the names of groups.
func signsOf(view *wsgi.View) map[string]int {
	const limit = 1 << 20 // bytes
	isReady := map[string]bool{}
	signs := map[string]int{}
	for _, script := range view.Imports {
		is, known := isReady[script.Script]
		if !known {
			text, err := view.Config.ReadFile(script.Script, limit)
			is = err == nil && ready.IsScript(text)
			isReady[script.Script] = is
		}
		if group, _ := script.Options.Get("process-group"); is {
			signs[group]++
		}
	}
	return signs
}

// scriptsOf are the first ones that groups serve.
func scriptsOf(view *wsgi.View) map[*wsgi.Daemon][]string {
	scripts := map[*wsgi.Daemon][]string{}
	for _, a := range view.Applications {
		if a.Daemon != nil && a.Script != "" && len(scripts[a.Daemon]) < mostScripts {
			scripts[a.Daemon] = append(scripts[a.Daemon], a.Script)
		}
	}
	return scripts
}

// mostScripts are shown to somebody who is to write their names down.
const mostScripts = 5
