package express

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
)

// A use is something that Apache, or its control script, uses while it is
// root. Whoever can change it becomes root.
type use struct {
	option string // that names another
	path   string
	how    string // what is done with it as root
	new    bool   // is written: also who can put a link into its folder decides
}

// checkOwners looks at who can change what the server uses, before anything
// is built or written.
func (p *planner) checkOwners() error {
	if err := p.caller.checkRoot(p.root, p.owners); err != nil {
		return err
	}
	return p.checkAsRoot()
}

// checkAsRoot refuses what somebody else could change, where root starts the
// server. What processes of the application's account use alone may be
// anybody's.
func (p *planner) checkAsRoot() error {
	if p.caller.UID != 0 {
		return nil
	}
	for _, u := range p.usedAsRoot() {
		err := p.checkUse(u.path)
		if u.new && err == nil {
			err = p.checkUse(filepath.Dir(u.path))
		}
		if err != nil {
			return u.refused(err)
		}
	}
	if err := p.checkIncludes(); err != nil {
		return err
	}
	return p.checkFolders()
}

// checkFolders refuses to make a folder where others can put a link in its
// place: root would make it, and give it away, wherever they like.
func (p *planner) checkFolders() error {
	for _, folder := range p.folders() {
		if exists(folder.Path) {
			continue
		}
		if err := p.checkUse(folder.Path); err != nil {
			return fmt.Errorf("make folder %s: %w; make it yourself first, as the account that it is for: mkdir -p %s", folder.Path, err, detect.ShellArgument(folder.Path))
		}
	}
	return nil
}

// checkUse accepts what is not there yet: nobody could put it there but those
// who are trusted with the folders on the way. It accepts devices, such as
// /dev/null: who may write to one changes nothing of what it is.
func (p *planner) checkUse(path string) error {
	if path == "" || p.caller.UID != 0 {
		return nil
	}
	way, err := trust.Look(path)
	if info, stat := os.Stat(path); stat == nil && info.Mode()&fs.ModeDevice != 0 {
		way.Holes = slices.DeleteFunc(way.Holes, func(hole trust.Hole) bool { return hole.At == way.Real })
	}
	if untrusted := p.trusted.Accept(way); untrusted != nil {
		return untrusted
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// usedAsRoot are the values of all options that the table of options marks so,
// as they were settled.
func (p *planner) usedAsRoot() []use {
	o := p.command.Options
	uses := []use{
		{option: "httpd-executable", path: p.software.apache.Path, how: "it is run"},
		{option: "modules-directory", path: p.software.apache.ModulesDir, how: "modules are loaded from it"},
		{option: "shell-executable", path: p.shell(), how: "apachectl is run with it"},
		{option: "envvars-script", path: p.envvars, how: "it is run with apachectl"},
		{option: "mime-types", path: p.mimeTypes(), how: "it is read"},
		{option: "server-root", path: p.in("python/wsgictl_express/__pycache__"), how: "Python's files are written there"},
		{option: "pid-file", path: p.pidFile, how: "it is written, and read for whom to signal,", new: true},
	}
	for _, module := range p.modules() {
		uses = append(uses, use{option: "modules-directory", path: module.Path, how: "it is loaded"})
	}
	if p.mode == templates.DaemonMode {
		uses = append(uses, use{option: "socket-prefix", path: p.socketPrefix(), how: "sockets are made there", new: true})
	}
	if o.EnableGDB {
		uses = append(uses,
			use{option: "gdb-executable", path: p.program(o.GDBExecutable), how: "it is run"},
			use{option: "enable-gdb", path: p.workingDir, how: "what it holds is debugged"},
			use{option: "enable-gdb", path: p.software.pythonHome, how: "what it holds is debugged"})
	}
	return append(append(uses, p.certificatesAsRoot()...), p.logsAsRoot()...)
}

func (p *planner) certificatesAsRoot() []use {
	o := p.command.Options
	var uses []use
	for _, file := range []struct{ option, path string }{
		{"ssl-certificate-file", o.SSLCertificateFile},
		{"ssl-certificate-key-file", o.SSLCertificateKeyFile},
		{"ssl-certificate-chain-file", o.SSLCertificateChainFile},
		{"ssl-ca-certificate-file", o.SSLCACertificateFile},
	} {
		uses = append(uses, use{option: file.option, path: file.path, how: "it is read"})
	}
	return uses
}

// logsAsRoot are the logs, which Apache opens, and programs that it starts for
// them rotate, before it becomes another account.
func (p *planner) logsAsRoot() []use {
	o := p.command.Options
	const how = "it is written"
	if o.LogToTerminal {
		return nil
	}
	uses := []use{
		{option: "log-directory", path: p.logFolder(), how: "logs are written there"},
		{option: "error-log-name", path: p.logFile(o.ErrorLogName), how: how, new: true},
	}
	if o.LogsRequests() {
		uses = append(uses, use{option: "access-log-name", path: p.logFile(o.AccessLogName), how: how, new: true})
	}
	if o.StartupLog {
		uses = append(uses, use{option: "startup-log-name", path: p.startupLog(), how: how, new: true})
	}
	for _, pair := range o.ServiceLogFiles {
		uses = append(uses, use{option: "service-log-file", path: p.logFile(pair[1]), how: how, new: true})
	}
	if o.RotateLogs {
		uses = append(uses, use{option: "rotatelogs-executable", path: p.rotatelogs(), how: "it is run"})
	}
	return uses
}

// checkIncludes looks at the configuration of others that httpd.conf includes.
func (p *planner) checkIncludes() error {
	files := []use{{option: "rewrite-rules", path: p.rewrite}}
	for _, file := range p.command.IncludeFiles {
		files = append(files, use{option: "include-file", path: p.caller.abs(file)})
	}
	for _, u := range files {
		u.how = "it is read"
		if err := p.checkIncluded(u.path); err != nil {
			return u.refused(err)
		}
	}
	return nil
}

// checkIncluded goes through what Apache reads for an Include line: of a
// pattern, all that fits and the folders in which more would.
func (p *planner) checkIncluded(path string) error {
	if exists(path) || !isPattern(path) {
		return p.checkIncludedTree(path, 0)
	}
	parts := strings.Split(path, "/")
	first := slices.IndexFunc(parts, isPattern)
	for i := first; i < len(parts); i++ { // the last folder of a fixed name, and each that fits
		folders, err := filepath.Glob(cmp.Or(strings.Join(parts[:i], "/"), "/"))
		if err != nil {
			return err
		}
		for _, folder := range folders {
			if err := p.checkUse(folder); err != nil {
				return err
			}
		}
	}
	files, err := filepath.Glob(path)
	for _, file := range files {
		if err == nil {
			err = p.checkIncludedTree(file, 0)
		}
	}
	return err
}

func isPattern(path string) bool { return strings.ContainsAny(path, "*?[") }

// includeDepth is how deep Apache follows folders below an included one
// (AP_MAX_INCLUDE_DIR_DEPTH of its core.c).
const includeDepth = 20

// checkIncludedTree looks at a file, or at a folder with all that is in it,
// which Apache reads if its name is included.
func (p *planner) checkIncludedTree(path string, depth int) error {
	if err := p.checkUse(path); err != nil {
		return err
	}
	entries, err := os.ReadDir(path)
	if err != nil || depth == includeDepth {
		return nil //nolint:nilerr // a file, or what Apache says that it cannot read
	}
	for _, entry := range entries {
		if err := p.checkIncludedTree(filepath.Join(path, entry.Name()), depth+1); err != nil {
			return err
		}
	}
	return nil
}

// refused says how somebody could become root, and what to do.
func (u use) refused(err error) error {
	var untrusted *trust.Untrusted
	if !errors.As(err, &untrusted) {
		return fmt.Errorf("--%s: %w", u.option, err)
	}
	otherwise := trust.AtOwnRisk(err)
	if info, err := os.Stat(untrusted.Hole.At); otherwise == "" && err == nil && info.Mode()&fs.ModeSticky == 0 { // as /tmp, which is for all
		otherwise = ", or close that one: chmod go-w " + detect.ShellArgument(untrusted.Hole.At)
	}
	return fmt.Errorf("--%s %w; %s by root, so that whoever changes it becomes root: name another, which root alone can change%s",
		u.option, untrusted, u.how, otherwise)
}

// unreadable says who cannot read what, for errors.
func (p *planner) unreadable(path string) error {
	if p.caller.UID != 0 {
		if file, err := os.Open(path); err != nil {
			return err
		} else {
			return file.Close()
		}
	}
	if barrier := detect.Unreadable(path, p.account.user); barrier != "" {
		return fmt.Errorf("user %s cannot read %s, for %s is closed to it: %s", p.account.user, path, barrier, detect.LetRead(path, barrier))
	}
	_, err := os.Stat(path)
	return err
}
