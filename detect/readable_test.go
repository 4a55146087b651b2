package detect

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/trust"
)

var webUser = trust.Account{Name: "web", UID: 54321, Groups: []int{54321}}

func TestBarrierIsTheFirstFolderThatMayNotBeEntered(t *testing.T) {
	t.Parallel()
	root := layTree(t, "-- home/me/app/file --\n-- srv/x --\n-- home/me/link-target/deep/file --\n")
	host := treeAt(root)
	chmod := func(path string, mode os.FileMode) {
		t.Helper()
		if err := os.Chmod(root+path, mode); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{"/srv/absolute": "/home/me/link-target", "/srv/relative": "../home/me/link-target/deep", "/srv/loop": "loop"} {
		if err := os.Symlink(target, root+link); err != nil {
			t.Fatal(err)
		}
	}
	check := func(path, want string) {
		t.Helper()
		if got := host.barrier(path, webUser); got != want {
			t.Errorf("barrier to %s is %q, want %q", path, got, want)
		}
	}
	check("/home/me/app/file", "")
	check("/srv/absolute/deep/file", "")
	check("/gone/file", "")
	check("/srv/loop", "")
	chmod("/home/me/app/file", 0o600)
	check("/home/me/app/file", "/home/me/app/file")
	chmod("/home/me/app", 0o711) // enough to pass, not to list
	chmod("/home/me/app/file", 0o644)
	check("/home/me/app/file", "")
	check("/home/me/app", "/home/me/app")
	chmod("/home/me", 0o700)
	check("/home/me/app/file", "/home/me")
	check("/srv/absolute/deep/file", "/home/me")
	check("/srv/relative/file", "/home/me")
	if got := host.barrier("/home/me/app/file", trust.Account{Name: "root"}); got != "" {
		t.Errorf("root is held up at %s", got)
	}
}

// TestRootsHomeIsOpenedLast: what is served has no place there.
func TestRootsHomeIsOpenedLast(t *testing.T) {
	t.Parallel()
	root := layTree(t, "-- root/app/wsgi.py --\n-- home/me/wsgi.py --\n-- etc/passwd --\nroot:x:0:0::/root:/bin/sh\nweb:x:54321:54321::/:/bin/sh\n")
	for _, folder := range []string{"/root", "/home/me"} {
		if err := os.Chmod(root+folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	e := &evidence{Host: &Host{}, tree: treeAt(root)}
	for path, want := range map[string]string{
		"/root/app/wsgi.py": "move /root/app/wsgi.py out of root's home, such as to /srv; only if that cannot be, open root's home: chmod o+x /root",
		"/home/me/wsgi.py":  "chmod o+x /home/me",
	} {
		found := e.unreadable([]ReadPath{{path, "a script", "it is not served", []string{"web"}}})
		if len(found) != 1 || found[0].Remedy != want {
			t.Errorf("%s: %+v, want %q", path, found, want)
		}
	}
}

func TestAccessListLetsANamedUserPass(t *testing.T) {
	t.Parallel()
	entry := func(tag, bits uint16, id uint32) []byte {
		b := binary.LittleEndian.AppendUint16(nil, tag)
		b = binary.LittleEndian.AppendUint16(b, bits)
		return binary.LittleEndian.AppendUint32(b, id)
	}
	value := binary.LittleEndian.AppendUint32(nil, 2)
	const none = 0xffffffff
	for _, e := range [][]byte{
		entry(0x01, 7, none), entry(0x02, 5, 54321), entry(0x04, 0, none), entry(0x10, 5, none), entry(0x20, 0, none), // owner, a user, group, mask, others
	} {
		value = append(value, e...)
	}
	home := filepath.Join(t.TempDir(), "home")
	if err := os.MkdirAll(home+"/app", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(home, 0o700); err != nil {
		t.Fatal(err)
	}
	if got := treeAt(home).barrier("/app", webUser); got != "/" {
		t.Fatalf("barrier %q before the list is set", got)
	}
	err := setAccessList(home, value)
	if errors.Is(err, errors.ErrUnsupported) {
		needtest.Elsewhere(t, "no access control lists of this kind")
	}
	if err != nil {
		needtest.Missing(t, "no access control lists here: %v", err)
	}
	if got := treeAt(home).barrier("/app", webUser); got != "" {
		t.Errorf("barrier %q in spite of the access control list", got)
	}
}
