package express_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/wsgictl/wsgictl/needtest"
)

// TestServesWhateverRootsUmaskIs: the account of the application has to get into
// what root makes.
func TestServesWhateverRootsUmaskIs(t *testing.T) {
	t.Parallel()
	needtest.Root(t)
	a := newApplication(t, "6.1.1")
	a.Root = filepath.Join(filepath.Dir(a.Dir), "new", "root")
	r := a.startServer(t, "--setup-only", "--python-eggs", filepath.Join(a.Root, "more", "eggs"))
	if err := os.RemoveAll(filepath.Dir(a.Root)); err != nil {
		t.Fatal(err)
	}
	words := append([]string{"-c", `umask 077 && exec "$0" "$@"`}, r.process.Args...)
	setup := exec.Command("/bin/sh", words...)
	setup.Env, setup.Dir = r.process.Env, r.process.Dir
	if output, err := setup.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	control := filepath.Join(a.Root, "apachectl")
	run(t, control, "start")
	t.Cleanup(func() { _ = exec.Command(control, "stop").Run() })
	r.wants(r.get("/"), 200, "Hello from")
	err := filepath.WalkDir(filepath.Join(a.Root, "python"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Stat(path)
		if err == nil && info.Mode().Perm()&0o044 != 0o044 {
			t.Errorf("%s: %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
