package golden

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// runInside is the command "inside LAYOUT FILE [SCRIPT]": it runs a script of the
// case, or layouts/steps.sh, among the files of a server of that layout, and
// writes what it prints into a file.
func runInside(t *testing.T, script *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) < 2 || len(args) > 3 {
		script.Fatalf("usage: inside LAYOUT FILE [SCRIPT]")
	}
	layout, known := httpdtest.Layouts[args[0]]
	if !known {
		script.Fatalf("no layout %s", args[0])
	}
	steps, err := filepath.Abs("layouts/steps.sh")
	script.Check(err)
	if len(args) == 3 {
		steps = script.MkAbs(args[2])
	}
	command := httpdtest.Inside(t, layout.Root(t), "sh", steps)
	command.Env = []string{
		"PATH=" + script.Getenv("PATH"), "HOME=/root", "LANG=C.UTF-8", "TZ=UTC",
		"HTTPD=" + layout.Program, "MODULE=" + httpdtest.Module(t, "6.1.1"), "ARCHIVE=" + httpdtest.Archive(t, "6.1.1").Path,
	}
	output, err := command.CombinedOutput()
	if err != nil {
		script.Fatalf("%v\n%s", err, output)
	}
	script.Check(os.WriteFile(script.MkAbs(args[1]), output, 0o600))
}
