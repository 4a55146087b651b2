package trust

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/needtest"
)

func TestFilesOfAFolderAreReadHarmlessly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := errors.Join(unix.Mkfifo(dir+"/fifo", 0o644), os.Mkdir(dir+"/folder", 0o755), os.WriteFile(dir+"/text", []byte("1234567890"), 0o644)); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"to-text": "text", "to-fifo": "fifo", "to-zero": "/dev/zero", "loop": "loop"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	folder, err := OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	first, err := folder.Open("text")
	if err != nil {
		t.Fatal(err)
	}
	first.Close()
	for _, open := range []func(string) (File, error){folder.Open, folder.OpenListed} {
		for name, want := range map[string]string{
			"text": "", "to-text": "", "fifo": "it is a FIFO", "to-fifo": "it is a FIFO", "to-zero": "it is a device", "folder": "it is a folder",
			"loop": "too many levels", "gone": "no such file",
		} {
			file, err := open(name)
			if err != nil {
				if want == "" || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), dir+"/"+name) {
					t.Errorf("%s: error %v, want one with %q", name, err, want)
				}
				continue
			}
			text := make([]byte, 20)
			n, err := file.Read(text)
			if want != "" || err != nil || string(text[:n]) != "1234567890" || file.Size != 10 || file.Inode != first.Inode || file.Device != first.Device {
				t.Errorf("%s: read %q of %d bytes, error %v", name, text[:n], file.Size, err)
			}
			if n, err := file.Read(text); n != 0 || err != nil {
				t.Errorf("%s: %d bytes after the end, error %v", name, n, err)
			}
			file.Close()
		}
	}
	if _, err := OpenFolder(dir + "/gone"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want one of what is not there", err)
	}
	if _, err := OpenFolder(dir + "/fifo"); !errors.Is(err, unix.ENOTDIR) {
		t.Errorf("error %v, want one of what is no folder", err)
	}
}

func TestFileOfRootAlone(t *testing.T) {
	t.Parallel()
	needtest.Root(t)
	dir := t.TempDir()
	for _, row := range []struct {
		name string
		uid  int
		mode os.FileMode
		want bool
	}{
		{"plain", 0, 0o644, true}, {"own", 0, 0o600, true}, {"of another", 65534, 0o644, false}, {"for a group", 0, 0o664, false}, {"for all", 0, 0o646, false},
	} {
		name := filepath.Join(dir, row.name)
		if err := errors.Join(os.WriteFile(name, nil, 0o600), os.Chmod(name, row.mode), os.Chown(name, row.uid, 0), os.Symlink(row.name, name+" by link")); err != nil {
			t.Fatal(err)
		}
		folder, err := OpenFolder(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer folder.Close()
		for _, open := range []func(string) (File, error){folder.Open, folder.OpenListed} {
			for name, want := range map[string]bool{row.name: row.want, row.name + " by link": false} {
				file, err := open(name)
				if err != nil || file.RootAlone != want {
					t.Errorf("%s: root's alone %v, error %v; want %v", name, file.RootAlone, err, want)
				}
				file.Close()
			}
		}
	}
}
