package trust

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/trusttest"
)

// Two accounts that no system has, and one that all have.
const (
	alice  = trusttest.Alice
	bob    = trusttest.Bob
	nobody = 65534
)

// An item is one entry of a tree that a test lays.
type item struct {
	path     string // "folder/", "file", or "link -> target"
	mode     os.FileMode
	uid, gid int
	acl      []byte
}

func lay(t *testing.T, dir string, items []item) {
	t.Helper()
	for _, item := range items {
		name, target, isLink := strings.Cut(item.path, " -> ")
		path := filepath.Join(dir, name)
		var err error
		switch {
		case isLink:
			err = os.Symlink(strings.ReplaceAll(target, "$DIR", dir), path)
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(path, 0o755)
		default:
			err = os.WriteFile(path, []byte("text"), 0o644)
		}
		if err == nil {
			err = os.Lchown(path, item.uid, item.gid)
		}
		if err == nil && item.mode != 0 {
			err = os.Chmod(path, item.mode)
		}
		if err == nil && item.acl != nil {
			err = unix.Setxattr(path, "system.posix_acl_access", item.acl, 0)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// listing makes an access control list: owner and group may all, others read.
func listing(uid, bits, mask uint32) []byte {
	value := binary.LittleEndian.AppendUint32(nil, 2)
	const none = 0xffffffff
	for _, e := range [][3]uint32{{aclOwner, 7, none}, {aclUser, bits, uid}, {aclGroup, 5, none}, {aclMask, mask, none}, {aclOther, 5, none}} {
		value = binary.LittleEndian.AppendUint16(value, uint16(e[0]))
		value = binary.LittleEndian.AppendUint16(value, uint16(e[1]))
		value = binary.LittleEndian.AppendUint32(value, e[2])
	}
	return value
}

func TestLookTellsWhoCanChangeAFile(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		items []item
		path  string
		want  []string // place below the folder and a part of the reason, for each hole
	}{
		{"root's", []item{{path: "a/"}, {path: "a/file"}}, "a/file", nil},
		{"somebody's file", []item{{path: "file", uid: alice}}, "file", []string{"/file it belongs to user 61001"}},
		{"somebody's folder", []item{{path: "a/", uid: alice}, {path: "a/file"}}, "a/file", []string{"/a it belongs to user 61001"}},
		{"somebody's link to root's file", []item{{path: "file"}, {path: "link -> file", uid: alice}}, "link", []string{"/link it belongs to user 61001"}},
		{"root's link to somebody's file", []item{{path: "file", uid: alice}, {path: "link -> $DIR/file"}}, "link", []string{"/file it belongs to user 61001"}},
		{"a link over a folder of somebody's", []item{{path: "a/", uid: alice}, {path: "a/b/"}, {path: "file"}, {path: "link -> a/b/../../file"}}, "link", []string{"/a it belongs"}},
		{"a chain of links", []item{{path: "file"}, {path: "one -> two", uid: alice}, {path: "two -> file", uid: bob}}, "one", []string{"/one it belongs", "/two it belongs"}},
		{"open to all", []item{{path: "a/", mode: 0o777}, {path: "a/file"}}, "a/file", []string{"/a anybody can write to it (mode 0777)"}},
		{"sticky on the way", []item{{path: "a/", mode: 0o777 | os.ModeSticky}, {path: "a/file"}}, "a/file", nil},
		{"sticky at the end", []item{{path: "a/", mode: 0o777 | os.ModeSticky}}, "a", []string{"/a anybody can write to it (mode 1777)"}},
		{"somebody's in a sticky one", []item{{path: "a/", mode: 0o777 | os.ModeSticky}, {path: "a/file", uid: alice}}, "a/file", []string{"/a/file it belongs"}},
		{"a sticky one of somebody's", []item{{path: "a/", mode: 0o755 | os.ModeSticky, uid: alice}, {path: "a/file"}}, "a/file", []string{"/a it belongs"}},
		{"root's group", []item{{path: "file", mode: 0o664}}, "file", nil},
		{"a group that no file knows", []item{{path: "file", mode: 0o664, gid: bob}}, "file", []string{"/file members of group 61002, whom /etc/group does not name"}},
		{"a group with members", []item{{path: "file", mode: 0o660, gid: nobodysPrimary(t)}}, "file", []string{"nobody) can write to it (mode 0660)"}},
		{"a named user", []item{{path: "file", acl: listing(alice, 6, 7)}}, "file", []string{"/file user 61001 can write to it (access control list)"}},
		{"a named user who may read", []item{{path: "file", acl: listing(alice, 4, 7)}}, "file", nil},
		{"a named user below the mask", []item{{path: "file", acl: listing(alice, 6, 5)}}, "file", nil},
		{"a list on a folder", []item{{path: "a/", acl: listing(alice, 7, 7)}, {path: "a/file"}}, "a/file", []string{"/a user 61001 can write"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := trusttest.Folder(t)
			lay(t, dir, test.items)
			way, err := Look(filepath.Join(dir, test.path))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, hole := range way.Holes {
				got = append(got, strings.TrimPrefix(hole.At, dir)+" "+hole.Reason)
			}
			if len(got) != len(test.want) {
				t.Fatalf("holes %q, want %q", got, test.want)
			}
			for i, want := range test.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("hole %q, want one with %q", got[i], want)
				}
			}
			checked := RootAnd().Check(filepath.Join(dir, test.path))
			read, readErr := RootAnd().ReadFile(filepath.Join(dir, test.path), 10)
			if trusted := len(test.want) == 0; trusted != (checked == nil) || !trusted && readErr == nil || trusted && string(read) != "text" {
				t.Errorf("checked: %v; read %q, %v", checked, read, readErr)
			}
		})
	}
}

func TestWhatIsNotThereYetIsForWhoeverMakesIt(t *testing.T) {
	t.Parallel()
	dir := trusttest.Folder(t)
	lay(t, dir, []item{{path: "open/", mode: 0o777 | os.ModeSticky}, {path: "roots/"}, {path: "open/there"}})
	for path, open := range map[string]bool{"open/new": true, "open/new/deeper": true, "open/there": false, "roots/new": false} {
		way, _ := LookForUse(filepath.Join(dir, path))
		if got := len(way.Holes) > 0; got != open {
			t.Errorf("%s: holes %v, want some: %v", path, way.Holes, open)
		}
	}
	if way, err := Look(dir + "/open/new"); len(way.Holes) > 0 || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("holes %v, error %v: who makes it there sees to it that it is new", way.Holes, err)
	}
}

func nobodysPrimary(t *testing.T) int {
	t.Helper()
	account, err := LookupHost("nobody")
	if err != nil {
		needtest.Missing(t, "%v", err)
	}
	return account.Groups[0]
}

func TestOwnerIsTheOneAccountThatCanChangeAFile(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		items   []item
		want    int
		several bool
	}{
		{"nobody", []item{{path: "a/"}, {path: "a/file"}}, 0, false},
		{"its owner", []item{{path: "a/"}, {path: "a/file", uid: alice}}, alice, false},
		{"the owner of the folder", []item{{path: "a/", uid: alice}, {path: "a/file"}}, alice, false},
		{"one for both", []item{{path: "a/", uid: alice}, {path: "a/file", uid: alice}}, alice, false},
		{"two", []item{{path: "a/", uid: alice}, {path: "a/file", uid: bob}}, 0, true},
		{"anybody", []item{{path: "a/", uid: alice}, {path: "a/file", uid: alice, mode: 0o666}}, 0, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := trusttest.Folder(t)
			lay(t, dir, test.items)
			way, err := Look(dir + "/a/file")
			if err != nil {
				t.Fatal(err)
			}
			owner, foreign, err := way.Owner()
			if (err != nil) != test.several || owner.UID != test.want || foreign != (test.want != 0 || test.several) {
				t.Errorf("owner %v, foreign %v, error %v", owner, foreign, err)
			}
		})
	}
}

func TestTrusteesMayChangeWhatDecides(t *testing.T) {
	t.Parallel()
	dir := trusttest.Folder(t)
	lay(t, dir, []item{{path: "file", uid: alice}})
	if err := RootAnd(alice).Check(dir + "/file"); err != nil {
		t.Error(err)
	}
	var untrusted *Untrusted
	if err := RootAnd(bob).Check(dir + "/file"); !errors.As(err, &untrusted) || untrusted.Hole.Names() != "user 61001" {
		t.Errorf("error %v", err)
	}
	if _, err := RootAnd().And("no such account"); err == nil {
		t.Error("an account that is not there is trusted")
	}
	if err := RootAnd().Check(dir + "/gone"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want one of what is not there", err)
	}
}

func TestReadingIsHarmless(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := unix.Mkfifo(dir+"/fifo", 0o644); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"to-fifo": "fifo", "to-zero": "/dev/zero", "to-tty": "/dev/tty", "loop": "loop"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	sparse, err := os.Create(dir + "/sparse")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(sparse.Truncate(100<<30), sparse.Close(), os.WriteFile(dir+"/fits", []byte("1234567890"), 0o644), os.WriteFile(dir+"/above", []byte("12345678901"), 0o644)); err != nil {
		t.Fatal(err)
	}
	trustees := map[string]func(string) ([]byte, error){
		"whoever": func(path string) ([]byte, error) { return ReadFile(path, 10) },
		"mine":    func(path string) ([]byte, error) { return RootAnd(os.Geteuid()).ReadFile(path, 10) },
	}
	for name, want := range map[string]string{
		"fifo": "it is a FIFO", "to-fifo": "it is a FIFO", "to-zero": "it is a device", "to-tty": "it is a device",
		"loop": "too many levels", "sparse": "more than the 10 bytes", "above": "more than the 10 bytes", "": "it is a folder", "fits": "", "gone": "no such file",
	} {
		for whose, read := range trustees {
			done := make(chan error, 1)
			go func() { _, err := read(filepath.Join(dir, name)); done <- err }()
			select {
			case err := <-done:
				if err != nil && whose == "mine" && strings.HasPrefix(name, "to-") && strings.Contains(err.Error(), "anybody can write") {
					continue // devices are open to all
				}
				if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
					t.Errorf("%s, %s: error %v, want one with %q", name, whose, err, want)
				}
			case <-time.After(time.Minute):
				t.Fatalf("%s, %s: it hangs", name, whose)
			}
		}
	}
	if _, err := OpenRegular(dir); err == nil {
		t.Error("a folder is opened as a regular file")
	}
}

// A file of procfs tells no size and has some.
func TestReadsWhatTellsNoSize(t *testing.T) {
	t.Parallel()
	if text, err := ReadFile("/proc/self/status", 1<<20); err != nil || len(text) == 0 {
		t.Errorf("%q, %v", text, err)
	}
}

// A file of the kernel that has a reader wait for what is to come ends in an
// error, or in what it has.
func TestReadsWhatWouldWait(t *testing.T) {
	t.Parallel()
	done := make(chan error, 1)
	go func() { _, err := ReadFile("/proc/kmsg", 1<<20); done <- err }()
	select {
	case err := <-done:
		if err == nil {
			t.Error("a stream without end is read as a file")
		}
	case <-time.After(time.Minute):
		t.Fatal("it hangs")
	}
}

// While alice exchanges what lies in her folder as fast as she can, root never
// reads what she put there as if it were root's.
func TestLookCannotBeRaced(t *testing.T) {
	t.Parallel()
	dir := trusttest.Folder(t)
	lay(t, dir, []item{{path: "roots/"}, {path: "roots/file"}, {path: "hers/", uid: alice}, {path: "hers/file", uid: alice}, {path: "way -> roots"}})
	if err := os.WriteFile(dir+"/hers/file", []byte("hers"), 0o644); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			_ = os.Symlink([]string{"roots", "hers"}[i%2], dir+"/next")
			_ = os.Rename(dir+"/next", dir+"/way")
		}
	}()
	read, refused := 0, 0
	for end := time.Now().Add(time.Second); time.Now().Before(end); {
		text, err := RootAnd().ReadFile(dir+"/way/file", 10)
		switch {
		case err == nil && string(text) != "text":
			t.Fatalf("read %q", text)
		case err == nil:
			read++
		default:
			refused++
		}
	}
	close(stop)
	<-done
	if read == 0 || refused == 0 {
		t.Errorf("%d read, %d refused: nothing was raced", read, refused)
	}
}
