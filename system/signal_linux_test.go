package system

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// An applying is "wsgictl apply" of a site that never answers, and has come so
// far as to wait for it.
type applying struct {
	*instance
	command *exec.Cmd
	ended   chan error
	output  string // file of it
}

// TestSignalsWhileAChangeIsMade: the first one has all put back, and the process
// ends by it then; the second one leaves that to the next command.
func TestSignalsWhileAChangeIsMade(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	wsgictl := filepath.Join(filepath.Dir(i.root), "wsgictl")
	if output, err := exec.Command("go", "build", "-o", wsgictl, "github.com/wsgictl/wsgictl/cmd/wsgictl").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	hangs := filepath.Join(i.apps, "hangs")
	file := i.declareWaiting(hangs)
	apply := i.options("apply", "--file", file, "--yes", "--httpd", "/usr/sbin/apache2")
	if output, err := exec.Command(wsgictl, apply...).CombinedOutput(); err != nil {
		t.Fatalf("apply: %v\n%s", err, output)
	}
	before := i.tree()
	i.declareSilent(file)

	a := i.applies(wsgictl, file)
	a.signal(syscall.SIGINT)
	a.endsBy(syscall.SIGINT, "stopped by SIGINT", "all was put back as it was before")
	if diff := cmp.Diff(before, i.tree()); diff != "" {
		t.Errorf("after one signal (-before +after):\n%s", diff)
	}
	i.clean()

	a = i.applies(wsgictl, file)
	i.write(hangs, "") // by which it waits for the site that was there before
	a.signal(syscall.SIGTERM)
	a.says("a second signal leaves that to the next wsgictl command")
	a.signal(syscall.SIGTERM)
	a.endsBy(syscall.SIGTERM)
	if pending, err := i.History.Pending(); err != nil || pending == nil {
		t.Errorf("journal %v, error %v", pending, err)
	}
	if err := os.Remove(hangs); err != nil {
		t.Fatal(err)
	}
	half := i.tree()
	output, err := exec.Command(wsgictl, i.options("history", "--httpd", "/usr/sbin/apache2")...).CombinedOutput()
	if err != nil || !strings.Contains(string(output), "changes made) was interrupted: the next wsgictl apply, rollback or remove puts back first what was there before") {
		t.Errorf("history: %v\n%s", err, output)
	}
	if diff := cmp.Diff(half, i.tree()); diff != "" {
		t.Errorf("after a command that looks (-before +after):\n%s", diff)
	}
	output, err = exec.Command(wsgictl, i.options("remove", "silent", "--httpd", "/usr/sbin/apache2")...).CombinedOutput()
	if err == nil || !strings.Contains(string(output), "undid the interrupted apply") || !strings.Contains(string(output), "no site silent") {
		t.Errorf("remove: %v\n%s", err, output)
	}
	if diff := cmp.Diff(before, i.tree()); diff != "" {
		t.Errorf("after the next command (-before +after):\n%s", diff)
	}
	i.clean()
}

// declareWaiting declares a site whose application answers while a file is not there.
func (i *instance) declareWaiting(hangs string) (file string) {
	i.t.Helper()
	venv, series := filepath.Join(i.apps, "venv"), i.module("6.1.1").Python
	digits := strings.ReplaceAll(series, ".", "")
	i.write(filepath.Join(venv, "pyvenv.cfg"), "home = /usr/bin\nversion = "+series+".0\n")
	module, err := os.ReadFile(httpdtest.Module(i.t, "6.1.1"))
	if err != nil {
		i.t.Fatal(err)
	}
	i.write(fmt.Sprintf("%s/lib/python%s/site-packages/mod_wsgi/server/mod_wsgi-py%s.cpython-%s-x86_64-linux-gnu.so", venv, series, digits, digits), string(module))
	i.write(filepath.Join(venv, "bin/activate"), "")
	if err := os.Symlink("/usr/bin/python3", filepath.Join(venv, "bin/python")); err != nil {
		i.t.Fatal(err)
	}
	file = i.write(filepath.Join(i.apps, "wsgictl.toml"), fmt.Sprintf("venv = %q\n", venv))
	i.declareSite(file, "waiting", fmt.Sprintf(`
import os, time
def application(environ, start_response):
    while os.path.exists(%q):
        time.sleep(0.02)
    start_response('200 OK', [])
    return []
`, hangs))
	return file
}

// declareSilent declares a site more, whose application is never done with loading.
func (i *instance) declareSilent(file string) {
	i.t.Helper()
	i.declareSite(file, "silent", "import time\ntime.sleep(600)\n")
}

func (i *instance) declareSite(file, name, script string) {
	i.t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		i.t.Fatal(err)
	}
	path := i.write(filepath.Join(i.apps, name, "wsgi.py"), script)
	i.write(file, fmt.Sprintf("%s[site.%s]\nserver-name = \"%[2]s.example.org\"\nport = %[3]d\nscript = %[4]q\nlog-directory = %[5]q\n", text, name, i.port, path, i.root+"/log"))
}

func (i *instance) options(words ...string) []string {
	return append(words, "--server-root", i.root, "--state", i.History.Path())
}

func (i *instance) applies(wsgictl, file string) *applying {
	i.t.Helper()
	a := &applying{instance: i, output: filepath.Join(filepath.Dir(i.root), "output"), ended: make(chan error, 1)}
	output, err := os.Create(a.output)
	if err != nil {
		i.t.Fatal(err)
	}
	defer output.Close()
	a.command = exec.Command(wsgictl, i.options("apply", "--file", file, "--yes", "--health-limit", "600", "--httpd", "/usr/sbin/apache2")...)
	a.command.Stdout, a.command.Stderr = output, output
	if err := a.command.Start(); err != nil {
		i.t.Fatal(err)
	}
	go func() { a.ended <- a.command.Wait() }()
	i.t.Cleanup(func() { _ = a.command.Process.Kill() }) // it has ended, unless the test has failed
	a.says("ask the sites")
	return a
}

func (a *applying) signal(sent syscall.Signal) {
	a.t.Helper()
	if err := a.command.Process.Signal(sent); err != nil {
		a.t.Fatal(err)
	}
}

// says waits until it says something.
func (a *applying) says(text string) {
	a.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		said, err := os.ReadFile(a.output)
		if err != nil {
			a.t.Fatal(err)
		}
		if bytes.Contains(said, []byte(text)) {
			return
		}
		if time.Now().After(deadline) || len(a.ended) > 0 {
			a.t.Fatalf("it does not say %q:\n%s", text, said)
		}
	}
}

func (a *applying) endsBy(sent syscall.Signal, texts ...string) {
	a.t.Helper()
	select {
	case err := <-a.ended:
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != sent {
			a.t.Errorf("ended with %v", err)
		}
	case <-time.After(time.Minute):
		a.t.Errorf("it does not end")
	}
	said, err := os.ReadFile(a.output)
	for _, text := range texts {
		if err != nil || !bytes.Contains(said, []byte(text)) {
			a.t.Errorf("error %v, it does not say %q:\n%s", err, text, said)
		}
	}
}

// A signal ends the context of a command that reads a configuration for long.
func TestStageGoesWithItsContext(t *testing.T) {
	t.Parallel()
	i := newStoppedInstance(t, "event")
	plan, err := i.Plan(i.declare("6.1.1", "shop"), Refuse)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	stage, err := i.Stage(ctx, plan, nil)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(stage.Root); err != nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the copy is still there")
		}
	}
	stage.Close()
}
