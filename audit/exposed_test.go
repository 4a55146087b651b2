package audit

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/trust"
)

// TestLookerAgreesWithLook compares what is found by way of what was found of
// folders with what is found on the whole way.
func TestLookerAgreesWithLook(t *testing.T) {
	t.Parallel()
	needtest.Root(t)
	root := t.TempDir()
	names := []string{"/", "/tmp", root}
	for _, entry := range []string{
		"roots/ 0755 0", "roots/file 0644 0", "roots/hers 0644 1", "roots/open 0666 0", "roots/inner/ 0755 0", "roots/inner/file 0644 0",
		"hers/ 0755 1", "hers/file 0644 0", "hers/hers 0644 1", "hers/inner/ 0755 0", "hers/inner/file 0644 0", "hers/inner/hers 0644 1",
		"sticky/ 1777 0", "sticky/file 0644 0", "sticky/hers 0644 1", "sticky/inner/ 0755 0", "sticky/inner/file 0644 0", "open/ 0777 0", "open/file 0644 0",
		"roots/to-file -> inner/file", "roots/to-hers -> ../hers/file", "roots/up -> ../roots/inner/../file", "roots/folder -> ../hers", "roots/round -> round",
		"hers/to-roots -> ../roots/file", "sticky/to-roots -> ../roots/file", "roots/absolute -> $ROOT/roots/open", "roots/chain -> to-hers", "roots/lost -> gone", "roots/to-gone -> ../hers/gone", "hers/to-gone -> ../open/gone", "roots/back -> inner/../../hers/gone",
	} {
		names = append(names, lay(t, root, entry))
	}
	for _, further := range []string{"roots/folder/file", "roots/folder/inner/hers", "roots/gone", "hers/gone", "sticky/gone", "sticky/gone/deep/er", "roots/file/no"} {
		names = append(names, filepath.Join(root, further))
	}
	looked := looker{}
	for range 2 { // the second time from what is kept
		for _, name := range names {
			want := wholeWay(name)
			if diff := cmp.Diff(want, looked.look(name, 0).Holes, cmp.Comparer(func(a, b trust.Account) bool { return a.UID == b.UID })); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
}

// wholeWay is what is found on the way to a file, and for one that is not there
// on that to the folder in which it could be made.
func wholeWay(name string) []trust.Hole {
	way, err := trust.Look(name)
	holes := way.Holes
	for errors.Is(err, os.ErrNotExist) {
		name = filepath.Dir(name)
		way, err = trust.Look(name)
		for _, hole := range way.Holes {
			if !slices.ContainsFunc(holes, func(known trust.Hole) bool { return known.At == hole.At }) {
				holes = append(holes, hole)
			}
		}
	}
	return holes
}

// lay makes what "path mode uid", or "path -> target", tells.
func lay(t *testing.T, root, entry string) string {
	t.Helper()
	words := strings.Fields(strings.ReplaceAll(entry, "$ROOT", root))
	name := filepath.Join(root, words[0])
	if words[1] == "->" {
		if err := os.Symlink(words[2], name); err != nil {
			t.Fatal(err)
		}
		return name
	}
	var err error
	if strings.HasSuffix(words[0], "/") {
		err = os.Mkdir(name, 0o700)
	} else {
		err = os.WriteFile(name, nil, 0o600)
	}
	modes := map[string]os.FileMode{"0755": 0o755, "0644": 0o644, "0666": 0o666, "0777": 0o777, "1777": 0o777 | os.ModeSticky}
	uid := map[string]int{"0": 0, "1": 61001}[words[2]]
	if err := errors.Join(err, os.Chown(name, uid, 0), os.Chmod(name, modes[words[1]])); err != nil {
		t.Fatal(err)
	}
	return name
}
