package hostfiles

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/trusttest"
)

var webUser = trust.Account{Name: "web", UID: 54321, Groups: []int{54321}}

// barriers are the places that an account may not pass.
func barriers(found []Barrier) string {
	var at []string
	for _, barrier := range found {
		at = append(at, barrier.At)
	}
	return strings.Join(at, " ")
}

// TestRouteTellsWhatBarsIt looks at a tree whose files belong to whoever runs the test.
func TestRouteTellsWhatBarsIt(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for folder, mode := range map[string]os.FileMode{"/open": 0o755, "/pass": 0o711, "/closed/in/deep": 0o755, "/etc": 0o755} {
		if err := os.MkdirAll(root+folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(root+folder+"/file", []byte("web:x:54321:\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(root+folder, mode); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{"absolute": "/closed/in", "relative": "../closed/in/deep", "loop": "loop", "dangling": "/none/file", "up": "../../../open/file"} {
		if err := os.Symlink(target, root+"/open/"+link); err != nil {
			t.Fatal(err)
		}
	}
	for name, mode := range map[string]os.FileMode{"/closed": 0o700, "/closed/in": 0o750, "/pass/file": 0o600} {
		if err := os.Chmod(root+name, mode); err != nil {
			t.Fatal(err)
		}
	}
	rights := Root(root).Rights()
	for _, c := range []struct {
		path                  string
		wanted                Permission
		barriers, lacks, link string
		dangles               bool
	}{
		{"/open/file", ToRead, "", "", "", false},
		{"/open/file/below", ToRead, "", "", "", false},
		{"/open/./up", ToRead, "", "", "/open/up", false},
		{"/pass/file", 0, "", "", "", false},
		{"/pass/file", ToRead, "/pass/file", "", "", false},
		{"/pass/file/below", ToRead, "/pass/file", "", "", false},
		{"/pass", ToRead, "/pass", "", "", false}, // it can be passed, not listed
		{"/pass", ToEnter, "", "", "", false},
		{"/closed/in/deep/file", ToRead, "/closed", "", "", false}, // the group of /closed/in is none of the files
		{"/open/absolute/deep/file", ToRead, "/closed", "", "/open/absolute", false},
		{"/open/relative/file", ToRead, "/closed", "", "/open/relative", false},
		{"/open/none/file", ToRead, "", "/open/none", "", false},
		{"/closed/none", ToRead, "/closed", "/closed/none", "", false},
		{"/open/dangling", ToRead, "", "/none", "/open/dangling", true},
		{"/open/relative/none", ToRead, "/closed", "/closed/in/deep/none", "/open/relative", false},
		{"/open/loop", ToRead, "", "", "/open/loop", false},
	} {
		way := rights.Route(c.path)
		if got := barriers(way.Barriers(webUser, c.wanted)); got != c.barriers || way.Lacks != c.lacks || way.Link != c.link || way.Dangles != c.dangles {
			t.Errorf("%s: barred at %q, lacks %q, by the link %q: want %q, %q, %q", c.path, got, way.Lacks, way.Link, c.barriers, c.lacks, c.link)
		}
	}
	if got := rights.Route("/closed/in/deep/file").Barriers(trust.Account{Name: "root"}, ToRead); len(got) > 0 {
		t.Errorf("root is held up at %+v", got)
	}
}

// TestBarrierTellsWhichClassDecides is what says which command lets the account in.
func TestBarrierTellsWhichClassDecides(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	if err := os.WriteFile(root+"/file", nil, 0o000); err != nil {
		t.Fatal(err)
	}
	uid, gid := os.Getuid(), os.Getgid()
	if uid == 0 {
		uid, gid = 54320, 54320
		if err := os.Chown(root+"/file", uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	for class, who := range map[byte]trust.Account{
		'u': {UID: uid, Groups: []int{gid}},
		'g': {UID: 54321, Groups: []int{54321, gid}},
		'o': webUser,
	} {
		found := Root(root).Rights().Route("/file").Barriers(who, ToRead)
		if len(found) != 1 || found[0].Class != class || found[0].UID != uid || found[0].GID != gid {
			t.Errorf("class %c: %+v", class, found)
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
	if got := barriers(Root(home).Rights().Route("/app").Barriers(webUser, ToRead)); got != "/" {
		t.Fatalf("barrier %q before the list is set", got)
	}
	err := setAccessList(home, value)
	if errors.Is(err, errors.ErrUnsupported) {
		needtest.Elsewhere(t, "no access control lists of this kind")
	}
	if err != nil {
		needtest.Missing(t, "no access control lists here: %v", err)
	}
	if got := barriers(Root(home).Rights().Route("/app").Barriers(webUser, ToRead)); got != "" {
		t.Errorf("barrier %q in spite of the access control list", got)
	}
}

// TestHolesAreThoseOfLook goes the same ways as the one who looks on open descriptors.
func TestHolesAreThoseOfLook(t *testing.T) {
	t.Parallel()
	dir := trusttest.Folder(t)
	for _, folder := range []string{"open", "sticky", "alices/app", "closed"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, folder, "file"), nil, 0o664); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{"open/link": "../alices/app/../file", "alices/link": dir + "/open/file", "sticky/loop": "loop", "closed/none": "nowhere"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	for name, mode := range map[string]os.FileMode{"open": 0o777, "sticky": 0o777 | os.ModeSticky, "alices/app": 0o2775} {
		if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"alices", "alices/app", "alices/link", "sticky/file"} {
		if err := os.Lchown(filepath.Join(dir, name), trusttest.Alice, trusttest.Bob); err != nil {
			t.Fatal(err)
		}
	}
	rights := Root("").Rights()
	for _, name := range []string{
		"open", "open/file", "open/link", "sticky", "sticky/file", "sticky/loop", "alices/app", "alices/app/file", "alices/link", "alices/../closed/file",
		"closed/file", "closed/none", "closed/file/below", "none",
	} {
		want, err := trust.Look(dir + "/" + name)
		got, there := rights.Route(dir + "/" + name).Holes()
		if there != (err == nil) {
			t.Errorf("%s: there %v, but %v", name, there, err)
		}
		if diff := cmp.Diff(want.Holes, got); there && diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
