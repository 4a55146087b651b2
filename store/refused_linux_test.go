package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/needtest"
)

func bind(t *testing.T, source, target string) {
	t.Helper()
	needtest.Root(t)
	if err := unix.Mount(source, target, "", unix.MS_BIND, ""); err != nil {
		needtest.Missing(t, "mount %s: %v", source, err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(target, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
}

// TestFileThatCannotBeReplacedSaysWhatToDo changes a file that is mounted alone, as into
// a container, and files of a folder that is mounted read-only: all is as before, and the
// error says what was tried on which file, and what to do.
func TestFileThatCannotBeReplacedSaysWhatToDo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	alone, fixed := filepath.Join(dir, "alone.conf"), filepath.Join(dir, "fixed/site.conf")
	source := filepath.Join(dir, "source.conf")
	for _, path := range []string{alone, fixed, source} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte("old\n"), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	bind(t, source, alone)
	bind(t, filepath.Dir(fixed), filepath.Dir(fixed))
	if err := unix.Mount("", filepath.Dir(fixed), "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	first := filepath.Join(dir, "first.conf") // is made and taken back
	for _, test := range []struct {
		path  string
		after PathState
		says  string
		errno unix.Errno
	}{
		{alone, NewFile([]byte("new\n"), 0o644), "change " + alone + ": " + ownMount, unix.EXDEV},
		{alone, PathState{}, "remove " + alone + ": " + ownMount, unix.EXDEV},
		{fixed, NewFile([]byte("new\n"), 0o644), "change " + fixed + ": " + refusals[unix.EROFS], unix.EROFS},
		{filepath.Join(filepath.Dir(fixed), "made.conf"), NewFile([]byte("new\n"), 0o644), "create " + filepath.Dir(fixed) + "/made.conf: " + refusals[unix.EROFS], unix.EROFS},
	} {
		before, err := Read(test.path)
		if err != nil {
			t.Fatal(err)
		}
		s := openTest(t, dir)
		err = s.Carry(Transaction{What: "test", Changes: []Change{
			{Path: first, After: NewFile([]byte("first\n"), 0o644)}, {Path: test.path, Before: before, After: test.after},
		}}, nil, nil)
		if want := test.says + "\nall was put back as it was before"; err == nil || err.Error() != want || !errors.Is(err, test.errno) {
			t.Errorf("%s:\n%v\nwant\n%s", test.path, err, want)
		}
		if now, err := Read(test.path); err != nil || !now.Equal(before) {
			t.Errorf("%s is %s, error %v", test.path, now, err)
		}
		if pending, err := s.Pending(); pending != nil || err != nil {
			t.Errorf("pending %v, error %v", pending, err)
		}
		if left, err := filepath.Glob(filepath.Join(dir, "*", ".wsgictl*")); len(left) > 0 || err != nil {
			t.Errorf("left %v, error %v", left, err)
		}
		if left, err := filepath.Glob(filepath.Join(dir, ".wsgictl*")); len(left) > 0 || err != nil {
			t.Errorf("left %v, error %v", left, err)
		}
		if _, err := os.Lstat(first); err == nil {
			t.Errorf("%s is there", first)
		}
	}
}
