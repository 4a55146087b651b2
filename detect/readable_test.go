package detect

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var webUser = account{name: "web", uid: 54321, groups: []int{54321}}

func TestBarrierIsTheFirstFolderThatMayNotBeEntered(t *testing.T) {
	t.Parallel()
	root := layTree(t, "-- home/me/app/file --\n-- srv/x --\n-- home/me/link-target/deep/file --\n")
	host := tree(root)
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
	if got := host.barrier("/home/me/app/file", account{name: "root"}); got != "" {
		t.Errorf("root is held up at %s", got)
	}
}

func TestAccountFromPasswdAndGroup(t *testing.T) {
	t.Parallel()
	host := tree(layTree(t, "-- etc/passwd --\nroot:x:0:0::/root:/bin/sh\nbroken\nwww-data:x:33:34::/var/www:/bin/false\n-- etc/group --\nwww-data:x:34:\ncerts:x:50:mail,www-data\nother:x:51:not-www-data\n"))
	for _, name := range []string{"www-data", "#33"} {
		got, ok := host.account(name)
		want := account{name: "www-data", uid: 33, groups: []int{34, 50}}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(account{})); !ok || diff != "" {
			t.Errorf("%s: %v %s", name, ok, diff)
		}
	}
	if _, ok := host.account("nobody"); ok {
		t.Error("found an account that is not there")
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
		entry(aclOwner, 7, none), entry(aclUser, 5, 54321), entry(aclUser, 7, 54322), entry(aclGroup, 0, none),
		entry(aclNamed, 1, 60000), entry(aclMask, 5, none), entry(aclOther, 0, none),
	} {
		value = append(value, e...)
	}
	list := parseACL(value)
	for _, test := range []struct {
		name string
		who  account
		want int
	}{
		{"the owner", account{uid: 1000}, 7},
		{"a named user", account{uid: 54321}, 5},
		{"a named user below the mask", account{uid: 54322}, 5},
		{"a named group", account{uid: 9, groups: []int{60000}}, 1},
		{"the owning group", account{uid: 9, groups: []int{2000}}, 0},
		{"another", account{uid: 9}, 0},
	} {
		if got, found := list.bits(test.who, 1000, 2000); !found || got != test.want {
			t.Errorf("%s has %d, want %d", test.name, got, test.want)
		}
	}
	if _, found := parseACL(nil).bits(webUser, 0, 0); found {
		t.Error("no list decides")
	}

	home := filepath.Join(t.TempDir(), "home")
	if err := os.MkdirAll(home+"/app", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(home, 0o700); err != nil {
		t.Fatal(err)
	}
	if got := tree(home).barrier("/app", webUser); got != "/" {
		t.Fatalf("barrier %q before the list is set", got)
	}
	if err := setAccessList(home, value); err != nil {
		t.Skipf("no access control lists here: %v", err)
	}
	if got := tree(home).barrier("/app", webUser); got != "" {
		t.Errorf("barrier %q in spite of the access control list", got)
	}
}
