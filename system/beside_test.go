package system

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// TestSlowUploadsHoldNoThread has clients that send half of a large body and wait, more
// of them than the application has threads: others are answered meanwhile, and the
// slow ones when they have sent the rest.
func TestSlowUploadsHoldNoThread(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	d := i.declare("6.1.1", "hello")
	i.write(d.Sites[0].Script, `
def application(environ, start_response):
    size = len(environ['wsgi.input'].read())
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'read %d' % size]
`)
	d.Daemons[0].Settings = append(d.Daemons[0].Settings, modwsgi.Setting{Name: "threads", Value: "1"})
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	const half = 200_000
	var slow []net.Conn
	for range 5 {
		connection, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", i.port))
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		fmt.Fprintf(connection, "POST / HTTP/1.1\r\nHost: hello.example.org\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", 2*half, strings.Repeat("x", half))
		slow = append(slow, connection)
	}
	for range 5 {
		if status, body, err := i.get("hello.example.org"); err != nil || status != http.StatusOK || body != "read 0" {
			t.Fatalf("beside slow clients: status %d, %s, %v", status, body, err)
		}
	}
	for _, connection := range slow {
		io.WriteString(connection, strings.Repeat("x", half))
		connection.SetDeadline(time.Now().Add(time.Minute))
		answer, err := io.ReadAll(connection)
		if err != nil || !strings.Contains(string(answer), fmt.Sprintf("read %d", 2*half)) {
			t.Errorf("a slow client: %q, %v", answer, err)
		}
	}
}

// TestSpoolIsApachesAloneAndGoesWithTheLastSite looks at the folder from apply to
// removal.
func TestSpoolIsApachesAloneAndGoesWithTheLastSite(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	if err := i.apply(i.declare("6.1.1", "hello", "shop")); err != nil {
		t.Fatal(err)
	}
	spool := i.spoolFolder()
	info, err := os.Stat(spool)
	if err != nil {
		t.Fatal(err)
	}
	uid, _, _ := accountOf("www-data")
	if owner := int(info.Sys().(*syscall.Stat_t).Uid); info.Mode().Perm() != 0o700 || os.Geteuid() == 0 && owner != uid {
		t.Errorf("%s: mode %v, owner %d", spool, info.Mode(), owner)
	}
	if err := i.remove("hello"); err != nil {
		t.Fatal(err)
	}
	i.expect("shop", "6.1.1")
	if _, err := os.Stat(spool); err != nil {
		t.Errorf("it is gone with the first site: %v", err)
	}
	if err := i.remove("shop"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(spool); err == nil {
		t.Errorf("%s is left", spool)
	}
}

// TestModuleBesideComesAndGoesWithDeclarations: who has none loses nothing for others, and
// that of an older wsgictl takes no turns with this one's.
func TestModuleBesideComesAndGoesWithDeclarations(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	of := func(name string, beside []byte) Declaration {
		d := i.declare("6.1.1", name)
		d.File = i.write(filepath.Join(i.apps, name+".toml"), "")
		d.Module.Beside = beside
		return d
	}
	loads := func() string {
		t.Helper()
		text, err := os.ReadFile(i.places.Load.File(i.places.Name))
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(text), "\n") {
			if path, ok := strings.CutPrefix(line, "LoadModule wsgictl_module "); ok {
				content, err := os.ReadFile(strings.Trim(path, `"`))
				if err != nil {
					t.Fatal(err)
				}
				return string(content)
			}
		}
		return ""
	}
	apply := func(d Declaration) *Plan {
		t.Helper()
		plan, err := i.Plan(d, Refuse)
		if err == nil {
			err = i.carryOut(plan)
		}
		if err != nil {
			t.Fatal(err)
		}
		return plan
	}
	ours := i.module("6.1.1").Beside
	older := bytes.Clone(ours)
	older[bytes.Index(older, []byte("mod_wsgictl source "))+len("mod_wsgictl source ")] = 'X'

	plan := apply(of("none", nil))
	if notes := strings.Join(plan.Notes, "\n"); loads() != "" || !strings.Contains(notes, "without mod_wsgictl") {
		t.Errorf("a mod_wsgi without it: loads %d bytes, notes %s", len(loads()), notes)
	}
	if _, err := os.Stat(i.spoolFolder()); err == nil {
		t.Error("there is a folder for nothing")
	}
	apply(of("older", older))
	if loads() != string(older) {
		t.Error("the first that is there is not loaded")
	}
	apply(of("ours", ours))
	if loads() != string(ours) {
		t.Error("this wsgictl's own did not come in its place")
	}
	for _, d := range []Declaration{of("older", older), of("none", nil), of("ours", ours)} {
		if plan := apply(d); !plan.IsEmpty() {
			t.Errorf("%s changes something again: %v", d.File, plan.Changes)
		}
	}
	for _, name := range []string{"ours", "older", "none"} {
		if err := i.remove(name); err != nil {
			t.Fatal(err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(i.places.Scripts, "mod_wsgi*")); len(left) > 0 {
		t.Errorf("modules are left: %v", left)
	}
}

// What "status" tells of the mod_wsgictl that Apache is to load.
func TestBesideIsTold(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	tell := func() Beside {
		t.Helper()
		current, err := i.Current()
		if err != nil {
			t.Fatal(err)
		}
		found, err := i.Beside(current)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	d := i.declare("6.1.1", "hello")
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	path, spool := tell().Path, tell().Spool
	if got := tell().What(); !modwsgi.IsBeside(path) || spool == "" || got != ", folder "+spool {
		t.Errorf("as applied: %s%s", path, got)
	}
	if err := os.Chmod(spool, 0o755); err != nil {
		t.Fatal(err)
	}
	if got := tell().What(); got != ", which keeps nothing in files: "+spool+" has to be of mode 0700 and www-data's" {
		t.Errorf("a folder that others can read: %s", got)
	}
	if err := os.Remove(spool); err != nil {
		t.Fatal(err)
	}
	if got := tell().What(); got != ", which keeps nothing in files: "+spool+" is no folder" {
		t.Errorf("without a folder: %s", got)
	}
	d.Module.Beside = bytes.ReplaceAll(d.Module.Beside, []byte("mod_wsgictl source "), []byte("mod_wsgictl Source "))
	i.write(path, string(d.Module.Beside))
	if got := tell().What(); !strings.HasSuffix(got, "(not as this wsgictl builds it: wsgictl install-module and apply bring that)") {
		t.Errorf("of another wsgictl: %s", got)
	}
}
