package trust

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/wsgictl/wsgictl/trusttest"
)

func TestConfinedTellsWhoCouldLeadElsewhere(t *testing.T) {
	t.Parallel()
	roots := []item{{path: "roots/"}, {path: "roots/file"}}
	hers := []item{{path: "hers/", uid: alice}, {path: "hers/file", uid: alice}}
	for _, test := range []struct {
		name   string
		items  []item
		path   string
		reason string // of the refusal, or empty
	}{
		{"root's", roots, "roots/file", ""},
		{"hers", hers, "hers/file", ""},
		{"root's in her folder", append(hers, item{path: "hers/roots"}), "hers/roots", ""},
		{"hers in root's folder", append(roots, item{path: "roots/hers", uid: alice}), "roots/hers", ""},
		{"root's link to root's", append(roots, item{path: "link -> roots/file"}), "link", ""},
		{"root's link to hers", append(hers, item{path: "link -> hers/file"}), "link", ""},
		{"her link within her folder", append(hers, item{path: "hers/link -> file", uid: alice}), "hers/link", ""},
		{"her link to root's", append(append(hers, roots...), item{path: "hers/link -> ../roots/file", uid: alice}), "hers/link", "user 61001 can change without the right to write in $DIR/roots"},
		{"root's link by her folder", append(append(hers, roots...), item{path: "link -> hers/../roots/file"}), "link", "by way of $DIR/hers"},
		{"her link to another's", append(hers, item{path: "his/", uid: bob}, item{path: "his/file", uid: bob}, item{path: "hers/link -> ../his/file", uid: alice}), "hers/link", "write in $DIR/his"},
		{"a folder of root's in hers", append(hers, item{path: "hers/roots/"}, item{path: "hers/roots/file"}), "hers/roots/file", "by way of $DIR/hers"},
		{"open to all", []item{{path: "open/", mode: 0o777}, {path: "open/file"}}, "open/file", ""},
		{"her link to what is open to all", append(hers, item{path: "open/", mode: 0o777}, item{path: "open/file"}, item{path: "hers/link -> ../open/file", uid: alice}), "hers/link", ""},
		{"root's in what is open to all", []item{{path: "open/", mode: 0o777}, {path: "open/roots/"}, {path: "open/roots/file"}}, "open/roots/file", "anybody can change"},
		{"root's in a sticky folder", []item{{path: "a/", mode: 0o777 | os.ModeSticky}, {path: "a/file"}}, "a/file", ""},
		{"her link in a sticky folder", append(roots, item{path: "a/", mode: 0o777 | os.ModeSticky}, item{path: "a/link -> ../roots/file", uid: alice}), "a/link", "by way of $DIR/a/link"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := trusttest.Folder(t)
			lay(t, dir, test.items)
			held, err := Hold(filepath.Join(dir, test.path))
			if err != nil {
				t.Fatal(err)
			}
			defer held.Close()
			reason := strings.ReplaceAll(test.reason, "$DIR", dir)
			if err := held.Confined(); (err == nil) != (reason == "") || err != nil && !strings.Contains(err.Error(), reason) {
				t.Errorf("error %v, want one with %q", err, reason)
			}
		})
	}
}

func TestReplaceKeepsOwnerAndMode(t *testing.T) {
	t.Parallel()
	dir := trusttest.Folder(t)
	lay(t, dir, []item{{path: "file", uid: alice, gid: bob, mode: 0o604}})
	held, err := Hold(dir + "/file")
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	for _, text := range []string{"longer than before", "short", ""} {
		if err := held.Replace([]byte(text)); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(dir + "/file")
		if err != nil {
			t.Fatal(err)
		}
		now, _ := os.ReadFile(dir + "/file")
		owner := info.Sys().(*syscall.Stat_t)
		if got := fmt.Sprintf("%v %d:%d %s", info.Mode(), owner.Uid, owner.Gid, now); got != "-rw----r-- 61001:61002 "+text {
			t.Errorf("got %s", got)
		}
		if same, err := held.Holds([]byte(text)); !same || err != nil {
			t.Errorf("it is not known again: %v", err)
		}
	}
	if entries, err := os.ReadDir(dir); len(entries) != 1 || err != nil {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestReplaceThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := trusttest.Folder(t)
	lay(t, dir, []item{{path: "a/"}, {path: "a/file"}})
	held, err := Hold(dir + "/a/file")
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	if err := errors.Join(os.Remove(dir+"/a/file"), os.Mkdir(dir+"/a/file", 0o755)); err != nil {
		t.Fatal(err)
	}
	if err := held.Replace([]byte("new")); err == nil {
		t.Error("a folder was replaced")
	}
	if entries, err := os.ReadDir(dir + "/a"); len(entries) != 1 || err != nil {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	if same, err := held.Holds([]byte("text")); same || err != nil {
		t.Errorf("a folder is taken for the file, %v", err)
	}
}

func TestHoldWantsARegularFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mkfifo(dir+"/fifo", 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"": "it is a folder", "fifo": "it is a FIFO", "gone": "no such file"} {
		if held, err := Hold(filepath.Join(dir, name)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want one with %q", name, err, want)
			held.Close()
		}
	}
}
