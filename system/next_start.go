package system

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// CheckNextStart says what in the files that are there would keep Apache from
// starting, or end it when it reloads: by file and line, with whose file it is.
// A running Apache shows nothing of that, since it has read them before.
func (m Manager) CheckNextStart(ctx context.Context) error {
	current, err := m.Current()
	if err != nil {
		return err
	}
	config, err := m.Read("", nil)
	if err != nil {
		return err
	}
	all := append(checkLogFolders(config), certificateFaults(config)...)
	if err := m.refuseExposed(config); err != nil { // httpd, as root, would go by it
		all = append(all, fault{text: err.Error()})
	} else if err := m.ConfigTest(ctx); err != nil && ctx.Err() == nil {
		all = append(all, syntaxFault(err))
	}
	var errs []error
	for _, f := range all {
		errs = append(errs, f.told(current.whose(f.file)))
	}
	return errors.Join(errs...)
}

// CheckFiles is an error about what "httpd -t" does not see and what yet stops an
// Apache that takes the copy up.
func (s *Stage) CheckFiles() error {
	config, err := s.Read()
	if err != nil {
		return err
	}
	var errs []error
	for _, f := range append(checkLogFolders(config), certificateFaults(config)...) {
		errs = append(errs, f.told(s.plan.whose(f.file)))
	}
	return errors.Join(errs...)
}

// whose says who looks after a file that the plan leaves as it is.
func (p *Plan) whose(path string) string {
	if _, ours := p.Managed[path]; ours {
		return ""
	}
	return p.Before.whose(path)
}

// A fault is what keeps Apache from starting.
type fault struct {
	file string // empty where none is to blame
	line int
	text string
}

func (f fault) told(whose string) error {
	switch {
	case f.file == "":
		return errors.New(f.text)
	case whose == "":
		return fmt.Errorf("%s:%d: %s", f.file, f.line, f.text)
	}
	return fmt.Errorf("%s:%d: %s; the file is %s", f.file, f.line, f.text, whose)
}

// checkLogFolders finds logs in folders that are not there. "httpd -t" opens no
// log, and httpd exits when it cannot open one (server/log.c, mod_log_config.c:
// open_logs).
func checkLogFolders(config *httpdconf.Config) []fault {
	var faults []fault
	for directive := range config.All() {
		target := directive.Word(0)
		isLog := slices.ContainsFunc([]string{"ErrorLog", "CustomLog", "TransferLog", "GlobalLog", "ForensicLog"}, directive.Is)
		if !isLog || target == "" || strings.HasPrefix(target, "|") || target == "syslog" || strings.HasPrefix(target, "syslog:") || strings.Contains(target, "${") {
			continue
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(config.ServerRoot, target)
		}
		if folder := filepath.Dir(target); !isFolder(folder) {
			at := directive.Pos()
			faults = append(faults, fault{at.File, at.Line, fmt.Sprintf("%s %s: %s", directive.Name, target, noLogFolder(folder))})
		}
	}
	return faults
}

// noLogFolder says that a folder for logs is not there.
func noLogFolder(folder string) string {
	return fmt.Sprintf("there is no folder %s, and Apache exits when it cannot open a log: make it", folder)
}

// syntaxError is how httpd names a file and line that it does not accept. The last
// of several is the place; those before it include the file.
var syntaxError = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`Syntax error on line ([0-9]+) of (.+?):(?:\s|$)`)
})

// syntaxFault is what httpd says about a configuration that it does not accept.
func syntaxFault(err error) fault {
	said := err.Error()
	matches := syntaxError().FindAllStringSubmatchIndex(said, -1)
	if len(matches) == 0 {
		return fault{text: said}
	}
	m := matches[len(matches)-1]
	line, _ := strconv.Atoi(said[m[2]:m[3]])
	text, _, _ := strings.Cut(said[m[1]:], "\nAction '") // of Debian's apache2ctl
	return fault{said[m[4]:m[5]], line, "httpd does not accept it: " + strings.TrimSpace(text)}
}

// whose says who looks after a file of the configuration, for a message: it may
// be named by the link that enables it.
func (g Generation) whose(path string) string {
	if path == "" {
		return ""
	}
	managed, known := g.Managed[path]
	if real, err := filepath.EvalSymlinks(path); err == nil && (!known || managed.Kind == Link) {
		path = real
		managed, known = g.Managed[path]
	}
	if !known || managed.Line != "" {
		return "not wsgictl's"
	}
	whose := "wsgictl's"
	if len(managed.Owners) == 1 {
		site := managed.Owners[0]
		whose = fmt.Sprintf("wsgictl's, of site %s, which %s declares", site, g.Sites[site].File)
	}
	if entry, err := ReadEntry(path); err == nil && !entry.Equal(managed.Entry) {
		whose += ", and was modified since: \"wsgictl plan\" shows how"
	}
	return whose
}
