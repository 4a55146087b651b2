package intent

import (
	"fmt"

	"github.com/wsgictl/wsgictl/templates"
)

// Advice is what a daemon process group lacks that only a person can decide, a
// sentence each.
func Advice(daemon templates.Daemon) []string {
	var advice []string
	say := func(format string) { advice = append(advice, fmt.Sprintf(format, daemon.Name)) }
	if daemon.Settings.Value("user") == "" {
		say("daemon process group %s runs as Apache's own user; give it an account with --user")
	}
	if daemon.Settings.Value("home") == "" {
		say("daemon process group %s has no working folder; name the project's with --home")
	}
	if daemon.Settings.Value("python-home") == "" {
		say("daemon process group %s has no virtualenv; name it with --venv")
	}
	if daemon.Locale == "" && daemon.Settings.Value("locale") == "" {
		say("daemon process group %s: the host has neither C.UTF-8 nor en_US.UTF-8; C.UTF-8 is written, install it or name another with --lang and --locale")
	}
	return advice
}
