package templates

import (
	"fmt"
	"strings"
)

// A Unit declares the systemd service of a server root.
type Unit struct {
	Root, Path, Control, PIDFile string

	Notify       bool     // Apache tells systemd when it is ready (mod_systemd)
	User, Group  string   // set only where root does not start the server
	LowPort      bool     // such a user listens on a port below 1024
	Capabilities []string // those that root needs to become another user
	Writes       []string // folders that the server or the application writes to
	PrivateTmp   bool
	StopSeconds  int
}

// Render gives the unit file.
func (u Unit) Render() (string, error) { return execute("unit.service.tmpl", u) }

// unitText escapes a setting of a unit file: there % introduces a specifier.
func unitText(text string) (string, error) {
	if strings.ContainsAny(text, "\n\x00") {
		return "", fmt.Errorf("value %q: no line of a unit file can hold it", text)
	}
	return strings.ReplaceAll(text, "%", "%%"), nil
}

// unitWord quotes a word of a setting that systemd splits, as in systemd.syntax(7).
func unitWord(text string) (string, error) {
	text, err := unitText(text)
	if err != nil || !strings.ContainsAny(text, " \t\"'\\$;") {
		return text, err
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `$$`).Replace(text) + `"`, nil
}
