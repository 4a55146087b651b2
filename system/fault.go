package system

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// CheckFiles is an error about what "httpd -t" does not see in a configuration and
// what yet stops an Apache that takes it up: logs in folders that are not there,
// certificates with the key of another. Of each file that is named, whose says who
// looks after it, or nothing.
func CheckFiles(config *httpdconf.Config, whose func(file string) string) error {
	return told(fileFaults(config), whose)
}

// checkFiles is CheckFiles for the files that are there now.
func (a *Apache) checkFiles(whose func(file string) string) error {
	config, err := a.Read("", nil)
	if err != nil {
		return err
	}
	return CheckFiles(config, whose)
}

func fileFaults(config *httpdconf.Config) []fault {
	return append(logFaults(config), certificateFaults(config)...)
}

// A fault is what keeps Apache from starting.
type fault struct {
	file string // empty where none is to blame
	line int
	text string
}

// told are faults as one error.
func told(faults []fault, whose func(file string) string) error {
	var all []error
	for _, f := range faults {
		all = append(all, f.told(whose(f.file)))
	}
	return errors.Join(all...)
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

// logFaults finds logs in folders that are not there. "httpd -t" opens no
// log, and httpd exits when it cannot open one (server/log.c, mod_log_config.c:
// open_logs).
func logFaults(config *httpdconf.Config) []fault {
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
