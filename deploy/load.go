package deploy

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/trust"
)

//go:embed load.py
var loader string

// load has a process of its own load the application: as the account, with the virtualenv,
// the locale and the environment of the daemon processes, by the script that they load.
func (w *work) load(ctx context.Context, dir string) error {
	application := w.Site.Application
	application.Release = dir
	if below, is := strings.CutPrefix(application.Script, w.Site.Current()+"/"); is {
		application.Script = filepath.Join(dir, below)
	}
	text, err := application.ScriptText()
	if err != nil {
		return err
	}
	callable := cmp.Or(application.CallableObject, "application")
	var paths []string
	if path := w.Site.setting("python-path", dir); path != "" {
		paths = strings.Split(path, ":")
	}
	order, err := json.Marshal(map[string]any{"paths": paths, "text": text, "script": w.Site.Name + ".wsgi", "callable": callable, "group": w.Site.Daemon.Name})
	if err != nil {
		return err
	}
	said, err := w.Site.serves.run(ctx, trust.Job{
		Program: filepath.Join(dir, intent.EnvironmentName, "bin", "python"), Args: []string{"-B", "-c", loader},
		Dir: w.Site.setting("home", dir), Environment: w.daemonEnvironment(), Input: bytes.NewReader(order), Limit: w.Limit,
	})
	if err != nil {
		return &Failure{Step: "load the application", Log: said, Err: err}
	}
	return nil
}

// daemonEnvironment are the variables that daemon processes have: those of the Apache that
// runs, with what mod_wsgi sets by itself.
func (w *work) daemonEnvironment() []string {
	const most = 1 << 20 // bytes
	var variables []string
	if w.group != nil {
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/environ", w.server.Process.PID))
		for variable := range strings.SplitSeq(string(text[:min(len(text), most)]), "\x00") {
			name, _, is := strings.Cut(variable, "=")
			if is && !slices.Contains([]string{"HOME", "USER", "LOGNAME", "LANG", "LC_ALL"}, name) {
				variables = append(variables, variable)
			}
		}
	}
	return append(variables, "LANG="+w.locale(), "LC_ALL="+w.locale())
}

// locale is that of the daemon processes.
func (w *work) locale() string {
	return cmp.Or(w.Site.Daemon.Settings.Value("locale"), w.Site.Daemon.Settings.Value("lang"), "C.UTF-8")
}
