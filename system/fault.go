package system

import (
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// CheckFiles is an error about files that stop an Apache that takes a configuration
// up, and that "httpd -t" does not see or does not name by line: logs in folders
// that are not there, certificates with the key of another. Of each file that is
// named, whose says who looks after it, or nothing.
func CheckFiles(config *conf.Config, whose func(file string) string) error {
	var all []error
	for _, f := range append(logFaults(config), certificateFaults(config)...) {
		all = append(all, f.told(whose(f.file)))
	}
	return errors.Join(all...)
}

// checkFiles is CheckFiles for the files that are there now.
func (a *Apache) checkFiles(whose func(file string) string) error {
	config, err := a.Read()
	if err != nil {
		return err
	}
	return CheckFiles(config, whose)
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

// certain are the directives of a configuration that are in effect whatever a
// condition says that cannot be decided.
func certain(config *conf.Config) iter.Seq[*conf.Directive] {
	return func(yield func(*conf.Directive) bool) {
		for directive := range config.All() {
			if directive.Unknown == nil && !yield(directive) {
				return
			}
		}
	}
}

// logFaults finds logs in folders that are not there: httpd exits when it cannot
// open one (server/log.c, mod_log_config.c: open_logs). "httpd -t" names the first
// of them, most by the line of their virtual host, and none of mod_log_forensic.
func logFaults(config *conf.Config) []fault {
	var faults []fault
	for directive := range certain(config) {
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

// withTest adds what "httpd -t" says to what [CheckFiles] has found, unless that is
// of a folder for logs as well (AH02291 of server/core.c, AH02297 of
// mod_log_config.c).
func withTest(found, said error) error {
	if found != nil && said != nil && (strings.Contains(said.Error(), "AH02291:") || strings.Contains(said.Error(), "AH02297:")) {
		return found
	}
	return errors.Join(found, said)
}
