package express_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/wsgictl/wsgictl/express"
)

// TestCallerIsInTheFolderBehindALink holds that a server keeps the folder that
// it was set up in when a link such as "current" is pointed at another.
func TestCallerIsInTheFolderBehindALink(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "current")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	t.Chdir(link)
	caller, err := express.CurrentCaller("setup-server")
	if err != nil {
		t.Fatal(err)
	}
	if caller.Dir != dir {
		t.Errorf("the caller is in %s, want %s", caller.Dir, dir)
	}
}
