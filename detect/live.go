package detect

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/trust"
)

// Live is what the processes of a running Apache show. It is read from /proc.
type Live struct {
	PID      int           `json:"pid"` // of the parent process
	Started  time.Time     `json:"started"`
	Children []LiveProcess `json:"children"` // its processes and those of daemon process groups, by pid
}

// LiveProcess is one process below the parent. Of a process that the caller
// may not look into, the files are not known.
type LiveProcess struct {
	PID       int       `json:"pid"`
	Group     string    `json:"group,omitempty"` // the daemon process group that display-name tells
	Cut       bool      `json:"cut,omitempty"`   // whether Group is the beginning of its name alone
	Started   time.Time `json:"started"`
	Known     bool      `json:"known"`                 // whether the files are
	Module    string    `json:"module,omitempty"`      // the mod_wsgi file that it has loaded
	Beside    string    `json:"mod_wsgictl,omitempty"` // the mod_wsgictl file that it has loaded
	Libpython string    `json:"libpython,omitempty"`   // the libpython that it has loaded; empty where it is part of the module
	Replaced  []string  `json:"replaced,omitempty"`    // of these, those that were replaced or deleted since

	title string // argv[0], which display-name is written over
}

// LookLive looks at the processes of the Apache whose parent has the pid.
func LookLive(pid int) (*Live, error) {
	t := treeAt("")
	parent, ok := installed.ReadProcess("", pid)
	if !ok || parent.IsZombie() {
		return nil, fmt.Errorf("look at the running Apache: no process %d in /proc", pid)
	}
	live := &Live{PID: pid, Started: parent.StartTime()}
	for _, child := range installed.Children(pid) {
		live.Children = append(live.Children, t.lookInto(child))
	}
	return live, nil
}

// LookLiveOf looks at the processes of the server that a configuration is of: of a
// host's server as detected, of another one, for which host is nil, by its PidFile.
func LookLiveOf(config *conf.Config, host *Host) (*Live, error) {
	instance := installed.Instance{ConfigFile: config.Files[0].Name, PIDFile: installed.PIDFile(config, "logs/httpd.pid"), Trusted: trust.Everyone()}
	if host != nil && host.Apache != nil {
		if host.Apache.PID != 0 {
			return LookLive(host.Apache.PID)
		}
		instance.Program, instance.PIDFile = host.Apache.Path, host.Apache.PIDFile
	}
	process, err := instance.Process()
	if err != nil {
		return nil, fmt.Errorf("look at the running server: %w; --live wants a server that runs with these files", err)
	}
	return LookLive(process.PID)
}

func (t tree) lookInto(p installed.Process) LiveProcess {
	pid, found := p.PID, LiveProcess{PID: p.PID, Started: p.StartTime()}
	text, _ := t.Read(fmt.Sprintf("/proc/%d/cmdline", pid))
	found.title, _, _ = strings.Cut(text, "\x00")
	found.Group, found.Cut = groupIn(found.title)
	maps, err := t.ReadLarge(fmt.Sprintf("/proc/%d/maps", pid))
	found.Known = err == nil
	for line := range strings.Lines(maps) {
		at := strings.IndexByte(line, '/')
		if at < 0 {
			continue
		}
		path, replaced := strings.CutSuffix(strings.TrimSpace(line[at:]), " (deleted)")
		base := filepath.Base(path)
		switch {
		case modwsgi.IsBeside(base) && strings.Contains(base, ".so"):
			found.Beside = path
		case strings.HasPrefix(base, "mod_wsgi") && strings.Contains(base, ".so"):
			found.Module = path
		case strings.HasPrefix(base, "libpython"):
			found.Libpython = path
		default:
			continue
		}
		if replaced && !slices.Contains(found.Replaced, path) {
			found.Replaced = append(found.Replaced, path)
		}
	}
	return found
}
