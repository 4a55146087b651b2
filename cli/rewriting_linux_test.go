package cli

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/store/storetest"
)

// TestFixesByALinkArePutBack writes a file by way of two of its names, and puts it
// back: its text, its mode, and the link.
func TestFixesByALinkArePutBack(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file, link := filepath.Join(folder, "available.conf"), filepath.Join(folder, "enabled.conf")
	if err := os.WriteFile(file, []byte("Listen 80\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("available.conf", link); err != nil {
		t.Fatal(err)
	}
	check := func(want string) {
		t.Helper()
		if diff := cmp.Diff(want, textOf(t, file)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if info, err := os.Lstat(file); err != nil || info.Mode() != 0o640 {
			t.Errorf("mode %v, error %v", info.Mode(), err)
		}
		if target, err := os.Readlink(link); err != nil || target != "available.conf" {
			t.Errorf("link to %q, error %v", target, err)
		}
	}
	both := append(fixOf(link), fixOf(file)...)
	err := writeFixes(t, both, func() error {
		check("Listen 81\n")
		return errors.New("httpd says no")
	})
	if err == nil || !strings.Contains(err.Error(), "httpd says no\nall was put back as it was before") {
		t.Errorf("error %v", err)
	}
	check("Listen 80\n")
	both[1].Text = "Listen 82\n"
	if err := writeFixes(t, both, nil); err == nil || !strings.Contains(err.Error(), "are one file") {
		t.Errorf("error %v", err)
	}
	check("Listen 80\n")
}

// TestFixLeavesChangedFileAlone keeps what somebody else has written.
func TestFixLeavesChangedFileAlone(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "site.conf")
	if err := os.WriteFile(file, []byte("Listen 8080\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	fixed := audit.Fixed{File: &conf.File{Name: file, Source: "Listen 80\n"}, Text: "Listen 81\n"}
	if err := writeFixes(t, []audit.Fixed{fixed}, nil); err == nil || !strings.Contains(err.Error(), "was modified by another program") {
		t.Errorf("error %v", err)
	}
	if text := textOf(t, file); text != "Listen 8080\n" {
		t.Errorf("text %q", text)
	}
}

// TestFixThatIsKilledIsWholeAfterTheNext kills "audit --fix" of several files at
// random. The next one finds nothing of its own to fix, and puts back.
func TestFixThatIsKilledIsWholeAfterTheNext(t *testing.T) {
	t.Parallel()
	h := newTestHost(t)
	names := []string{"a.conf", "b.conf", "c.conf"}
	site := func(name string) string { return filepath.Join(h.dir, "conf", name) }
	lay := func() {
		main := ""
		for _, name := range names {
			main += "Include " + site(name) + "\n"
			h.write("conf/"+name, "WSGIDaemonProcess "+name+" user=daemon\n")
		}
		h.write("conf/httpd.conf", main)
	}
	fix := func(words ...string) *exec.Cmd {
		return process(append([]string{"wsgictl", "audit", "--fix", "--exit-zero", filepath.Join(h.dir, "conf/httpd.conf")}, words...)...)
	}
	state := func() map[string]string { return stateBelow(t, filepath.Join(h.dir, "conf")) }
	lay()
	before := state()
	if output, err := fix("--unsafe-fixes", "--mod-wsgi", "6").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	after := state()
	for _, name := range names {
		if before[site(name)] == after[site(name)] {
			t.Fatalf("%s is not fixed: %s", name, after[site(name)])
		}
	}
	start := func() *exec.Cmd { lay(); return fix("--unsafe-fixes", "--mod-wsgi", "6") }
	check := func(bool) {
		t.Helper()
		if output, err := fix("--select", "WC001").CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		if now := state(); cmp.Diff(before, now) != "" && cmp.Diff(after, now) != "" {
			t.Fatalf("it is neither (-before +now):\n%s", cmp.Diff(before, now))
		}
	}
	journal := filepath.Join(store.PlaceOfRoot(h.dir), "journal.json")
	storetest.KillIn(t, filepath.Join(h.dir, "conf"), journal, start())
	check(true)
	storetest.KillAtRandom(t, storetest.Kills(25, 500), start, check)
	if _, err := os.Stat(filepath.Dir(journal)); err == nil {
		t.Error("the store is still there")
	}
}

// TestAuditTellsOfAnInterruptedFix and changes nothing; the next "audit --fix" ends it.
func TestAuditTellsOfAnInterruptedFix(t *testing.T) {
	t.Parallel()
	h := newTestHost(t)
	file := h.write("httpd.conf", "Listen 80\n")
	fixes, err := auditCommand{Paths: []string{file}}.fixStore()
	if err != nil {
		t.Fatal(err)
	}
	killed := make(chan struct{})
	go func() {
		defer close(killed)
		r := newRewriting()
		r.take(fixOf(file), nil)
		_ = r.write(t.Context(), fixes, func(string) {}, func() error {
			runtime.Goexit()
			return nil
		})
	}()
	<-killed
	for _, step := range []struct{ words, says, text string }{
		{"audit", "(1 of 1 changes made) was interrupted: the next wsgictl audit --fix puts back first what was there before", "Listen 81\n"},
		{"audit --diff", "was interrupted", "Listen 81\n"},
		{"audit --fix", "undid the interrupted audit --fix", "Listen 80\n"},
		{"audit", "", "Listen 80\n"},
	} {
		output, err := process(append(append([]string{"wsgictl"}, strings.Fields(step.words)...), "--exit-zero", file)...).CombinedOutput()
		if err != nil || !strings.Contains(string(output), step.says) || textOf(t, file) != step.text || (step.says == "") == strings.Contains(string(output), "interrupted") {
			t.Errorf("%s: %v, text %q\n%s", step.words, err, textOf(t, file), output)
		}
	}
	if fixes.IsThere() {
		t.Error("the store is still there")
	}
}
