package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/trusttest"
)

// TestFileThatMayNotBeReadIsNoWrongUse: other words would not help against it.
func TestFileThatMayNotBeReadIsNoWrongUse(t *testing.T) {
	t.Parallel()
	httpdtest.ShareSystem(t)
	for _, row := range pipes {
		t.Run(row.command, func(t *testing.T) {
			t.Parallel()
			h := newTestHost(t)
			h.closed = true
			words := append(strings.Fields(row.command), row.words(h)...)
			command := exec.Command(built(t), words[1:]...)
			command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: trusttest.Alice, Gid: trusttest.Alice}}
			command.Dir = h.dir
			command.Env = append(os.Environ(), "HOME="+h.dir)
			if !slices.Contains(doesWithout, row.command) {
				wantsFailure(t, command)
			} else if out, err := command.CombinedOutput(); err != nil {
				t.Errorf("%v: %v\n%s", words, err, out)
			}
		})
	}
}

// doesWithout are the commands that need no file which they may not read: the rest
// of a virtualenv tells enough, and an included file is told of.
var doesWithout = []string{
	"wsgictl detect --venv", "wsgictl module-config --venv", "wsgictl module-location --venv", "wsgictl render limits --venv",
	"wsgictl effective --format text", "wsgictl audit --fix", "wsgictl audit --url http://shop.example.org/",
}

// built is the program itself, which other accounts can start.
func built(t *testing.T) string {
	t.Helper()
	program, err := builtCommand()
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// wantsFailure runs a command that must exit with the code of what has failed.
func wantsFailure(t *testing.T, command *exec.Cmd) {
	t.Helper()
	var messages bytes.Buffer
	command.Stderr = &messages
	var exit *exec.ExitError
	if err := command.Run(); !errors.As(err, &exit) || exit.ExitCode() != exitFindings {
		t.Errorf("%v: %v, want exit code %d:\n%s", command.Args, err, exitFindings, messages.String())
	}
}

// Commands that write a file, on a disk that is full.
var onFullDisk = []struct {
	command string
	words   func(h *testHost, disk string) []string
}{
	{"wsgictl apply --yes --file", func(h *testHost, disk string) []string {
		return append(h.declare("shop.example.org"), "--state", disk+"/state")
	}},
	{"wsgictl init --server-name shop.example.org --name shop", func(h *testHost, disk string) []string {
		return []string{"--script", h.write("wsgi.py", "application = None\n"), "--venv", h.venv("venv"), "--file", disk + "/wsgictl.toml"}
	}},
	{"wsgictl render daemon shop --mod-wsgi 6.1.1 --module shop:app --home /srv", func(h *testHost, disk string) []string {
		return []string{"--venv", h.venv("venv"), "--output-dir", disk}
	}},
	{"wsgictl audit --write-baseline --baseline", func(h *testHost, disk string) []string {
		return []string{disk + "/baseline.json", h.write("httpd.conf", "")}
	}},
	{"wsgictl install-module --venv", func(h *testHost, disk string) []string {
		return []string{h.venv("venv"), "--source", h.source(), "--cache-dir", disk + "/cache"}
	}},
	{"wsgictl setup-server --user nobody --server-root", func(h *testHost, disk string) []string {
		return []string{disk + "/root", h.write("wsgi.py", "application = None\n"), "--venv", h.venvWithModule("venv")}
	}},
}

func TestFullDiskIsNoWrongUse(t *testing.T) {
	t.Parallel()
	httpdtest.ShareSystem(t)
	for _, row := range onFullDisk {
		t.Run(row.command, func(t *testing.T) {
			t.Parallel()
			h := newTestHost(t)
			disk := h.path("disk")
			trusttest.Mount(t, "tmpfs", disk, 0, "size=4k,nr_inodes=2,mode=755")
			h.write("disk/full", strings.Repeat("x", 4096))
			words := append(strings.Fields(row.command), row.words(h, disk)...)
			wantsFailure(t, process(words...))
		})
	}
}

// TestFullOutputIsNoWrongUse: what cannot be written is a failure of each command
// that has results.
func TestFullOutputIsNoWrongUse(t *testing.T) {
	t.Parallel()
	for _, words := range [][]string{
		{"wsgictl", "detect", "--json"}, {"wsgictl", "rules"}, {"wsgictl", "rules", "WC101"}, {"wsgictl", "version"}, {"wsgictl", "completion", "bash"},
		{"wsgictl", "explain", "WSGI0146"}, {"wsgictl", "explain", "WSGI0146", "--format", "json"}, {"wsgictl", "explain", "error.log"},
		{"wsgictl", "effective", "httpd.conf"}, {"wsgictl", "effective", "httpd.conf", "--format", "json"},
		{"wsgictl", "audit", "httpd.conf"}, {"wsgictl", "audit", "httpd.conf", "--apps"}, {"wsgictl", "audit", "httpd.conf", "--format", "json", "--exit-zero"},
		{"wsgictl", "render", "limits", "--mod-wsgi", "6.1.1"}, {"wsgictl", "render", "daemon", "shop", "--script", "/srv/wsgi.py", "--mod-wsgi", "6.1.1"},
		{"wsgictl", "recordings", "--directory", "archive"},
	} {
		t.Run(fmt.Sprint(words), func(t *testing.T) {
			t.Parallel()
			h := newTestHost(t)
			h.write("httpd.conf", "LoadModule wsgi_module modules/mod_wsgi.so\nWSGIScriptAlias / /srv/wsgi.py\n")
			h.log()
			h.recording()
			full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer full.Close()
			command := process(words...)
			command.Dir, command.Stdout = h.dir, full
			wantsFailure(t, command)
		})
	}
}
