package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/store/storetest"
	"github.com/wsgictl/wsgictl/trust"
)

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
	fixes, err := store.Open(store.PlaceOfRoot(h.dir), store.Options{Trusted: trust.RootAndCaller()})
	if err != nil {
		t.Fatal(err)
	}
	before, err := store.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	killed := make(chan struct{})
	go func() {
		defer close(killed)
		fix := store.Transaction{What: "audit --fix", Changes: []store.Change{{Path: file, Before: before, After: before.WithContent("Listen 81\n")}}}
		_ = fixes.Carry(fix, func() error {
			runtime.Goexit()
			return nil
		}, nil)
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
