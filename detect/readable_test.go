package detect

import (
	"os"
	"testing"
)

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
