package storetest

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/wsgictl/wsgictl/needtest"
)

// putsInPlace are the system calls that put something in the place of something else.
const putsInPlace = "renameat,renameat2"

// KillIn kills a command as it puts the first thing into its place in a folder, which
// random kills may never meet: between that and the moment when all is in place are
// milliseconds. Pending is a pattern of what is there as long as a change is under
// way, such as its journal, and has to be there then.
func KillIn(t testing.TB, folder, pending string, command *exec.Cmd) {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		needtest.Missing(t, "%v", err)
	}
	above, err := filepath.EvalSymlinks(filepath.Dir(folder))
	if err != nil {
		t.Fatal(err)
	}
	folder = filepath.Join(above, filepath.Base(folder)) // which may be made by the command
	words := []string{strace, "-f", "-qq", "-o", "/dev/null", "-P", folder, "-e", "trace=" + putsInPlace, "-e", "inject=" + putsInPlace + ":signal=KILL", command.Path}
	command.Path, command.Args = strace, append(words, command.Args[1:]...)
	if output, err := command.CombinedOutput(); !isKilled(err) {
		t.Fatalf("it was not killed as it put the first thing into %s: %v\n%s", folder, err, output)
	}
	if there, err := filepath.Glob(pending); err != nil || len(there) == 0 {
		t.Fatalf("there is no %s of what was killed: error %v", pending, err)
	}
}
