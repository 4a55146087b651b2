package system

import (
	"fmt"
	"os"
	"regexp"
	"sync"

	"github.com/wsgictl/wsgictl/detect"
)

var mpmFile = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`/mod_mpm_([a-z0-9_]+)\.so`) })

// runningMPM is the MPM that a process of Apache has loaded; empty where that is
// not to be seen, as of one that is built in, or without /proc.
func runningMPM(pid int) string {
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return ""
	}
	match := mpmFile().FindSubmatch(maps)
	if match == nil {
		return ""
	}
	return string(match[1])
}

// checkMPM refuses a reload by which Apache would stop: it cannot change its MPM
// while it runs (ap_check_mpm). A package such as libapache2-mod-php may have
// switched it in the files.
func (a *Apache) checkMPM() error {
	running := runningMPM(a.RunningPID())
	if running == "" || a.MPM == "" || running == a.MPM {
		return nil
	}
	config, err := a.Read()
	if err != nil {
		return err
	}
	return fmt.Errorf("Apache runs with the %s MPM, and its configuration now loads %s%s: it would stop at the reload, since it cannot change its MPM while it runs; restart it first (%s)",
		running, a.MPM, becauseOfPHP(config), a.restartCommand())
}

// CheckReload is an error where the next reload would stop Apache, as it comes with
// "apachectl graceful" or when logs are rotated, though it would start with the same files.
func (a *Apache) CheckReload() error { return a.checkMPM() }

// restartCommand is how a person stops and starts this Apache.
func (a *Apache) restartCommand() string {
	if a.HasOwnWord() {
		return detect.ShellArgument(a.Control) + " restart"
	}
	return fmt.Sprintf("%s -d %s -f %s -k stop, and then -k start", detect.ShellArgument(a.Path), detect.ShellArgument(a.ServerRoot), detect.ShellArgument(a.ConfigFile))
}
