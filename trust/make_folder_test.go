package trust

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/trusttest"
)

func TestMakeFolderMakesWhatIsMissing(t *testing.T) {
	t.Parallel()
	dir := trusttest.Folder(t)
	lay(t, dir, []item{{path: "open/", mode: 0o777 | os.ModeSticky}, {path: "hers/", uid: alice}, {path: "link -> open"}, {path: "file"}})
	for path, wanted := range map[string]string{
		"a/b/c": "made", "a/b": "there", "open/a/b": "made", "link/a/c": "made", ".": "there",
		"hers/a": "untrusted", "open": "untrusted", "file/a": "error", "file": "error",
	} {
		folder, made, err := RootAnd().MakeFolder(filepath.Join(dir, path), 0o750)
		var untrusted *Untrusted
		got := "error"
		switch {
		case errors.As(err, &untrusted):
			got = "untrusted"
		case err == nil && made:
			got = "made"
		case err == nil:
			got = "there"
		}
		if got != wanted && (path != "a/b" || got != "made") { // which may come before a/b/c
			t.Errorf("%s: %s (%v), want %s", path, got, err, wanted)
		}
		if err != nil {
			continue
		}
		if info, err := folder.Stat("."); err != nil || path == "a/b/c" && info.Mode().Perm() != 0o750 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
		folder.Close()
	}
	if _, err := os.Stat(filepath.Join(dir, "hers", "a")); err == nil {
		t.Error("made in a folder of hers")
	}
}

// TestMakeFolderIsLedNowhere while somebody puts a link in the place of a folder
// and takes it away again, for a second.
func TestMakeFolderIsLedNowhere(t *testing.T) {
	t.Parallel()
	dir := trusttest.Folder(t)
	lay(t, dir, []item{{path: "open/", mode: 0o777 | os.ModeSticky}, {path: "roots/"}})
	link, target := filepath.Join(dir, "open", "x"), filepath.Join(dir, "roots")
	end := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-end:
				return
			default:
			}
			_ = os.Symlink(target, link+".hers")
			_ = os.Lchown(link+".hers", alice, alice)
			_ = os.Rename(link+".hers", link)
			_ = syscall.Unlink(link)
		}
	}()
	for until := time.Now().Add(time.Second); time.Now().Before(until); {
		folder, _, err := RootAnd().MakeFolder(filepath.Join(link, "logs"), 0o755)
		if err == nil {
			folder.Close()
			_ = os.RemoveAll(link)
		}
	}
	close(end)
	<-done
	if inside, err := os.ReadDir(target); err != nil || len(inside) > 0 {
		t.Errorf("made where the link led: %v, %v", inside, err)
	}
}
