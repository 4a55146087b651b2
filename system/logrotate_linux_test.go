package system

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
)

// amongOwnFiles is the variable by which the test program knows that it sees files, processes
// and a network of its own.
const amongOwnFiles = "WSGICTL_TEST_AMONG_OWN_FILES"

// Debian's logrotate, with what Debian has it do for Apache, loses no request of a site.
func TestLogrotateLosesNoRequest(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("logrotate"); err != nil {
		needtest.Missing(t, "%v", err)
	}
	for _, mpm := range []string{"event", "worker", "prefork"} {
		t.Run(mpm, func(t *testing.T) {
			t.Parallel()
			if os.Getenv(amongOwnFiles) != "" {
				newDebianInstance(t, mpm).rotatesUnderLoad()
				return
			}
			if err := httpdtest.CanIsolate(); err != nil {
				needtest.Missing(t, "%v", err)
			}
			root := t.TempDir()
			policy := filepath.Join(root, "usr/sbin/policy-rc.d") // of a container it lets no service be started
			if err := os.MkdirAll(filepath.Dir(policy), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(policy, []byte("#!/bin/sh\n"), 0o755); err != nil {
				t.Fatal(err)
			}
			command := httpdtest.Inside(t, root, os.Args[0], "-test.run", "^"+strings.ReplaceAll(t.Name(), "/", "$/^")+"$")
			command.Env = append(os.Environ(), amongOwnFiles+"=1", builtModule+"="+httpdtest.Module(t, "6.1.1"))
			if output, err := command.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, output)
			}
		})
	}
}

// newDebianInstance starts the system's Apache, among files of its own.
func newDebianInstance(t *testing.T, mpm string) *instance {
	t.Helper()
	i := &instance{t: t, root: debianRoot, apps: "/srv/wsgictl-test", port: 80, moduleFile: os.Getenv(builtModule)}
	i.useMPM(mpm)
	i.waitsPatiently()
	host, err := detect.Detect(t.Context(), detect.Request{HTTPD: "/usr/sbin/apache2", Python: httpdtest.Python})
	if err != nil {
		t.Fatal(err)
	}
	i.host = host
	apache, err := New(host)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := OpenHistory("/var/lib/wsgictl/test", "1.0", nil)
	if err != nil {
		t.Fatal(err)
	}
	i.Manager = Manager{Apache: apache, History: opened, Limit: time.Minute, Report: func(string) {}}
	i.start()
	return i
}

func (i *instance) rotatesUnderLoad() {
	i.t.Helper()
	d := i.declare("6.1.1", "hello")
	d.Sites[0].LogDirectory = i.LogDirectory()
	if err := i.apply(d); err != nil {
		i.t.Fatal(err)
	}
	load := i.load("hello.example.org", 8)
	for range 4 {
		asked, pid := load.asked.Load(), i.RunningPID()
		i.await("requests are answered", func() bool { return load.asked.Load() > asked+20 })
		if output, err := exec.CommandContext(i.t.Context(), "logrotate", "--force", "/etc/logrotate.d/apache2").CombinedOutput(); err != nil {
			i.t.Fatalf("logrotate: %v\n%s", err, output)
		}
		i.await("Apache has a new log", func() bool {
			text, err := os.ReadFile(filepath.Join(i.LogDirectory(), "error.log"))
			return err == nil && strings.Contains(string(text), "resuming normal operations")
		})
		if now := i.RunningPID(); now != pid {
			i.t.Errorf("Apache %d is another one: %d", now, pid)
		}
	}
	load.stop()
	rotated, err := filepath.Glob(filepath.Join(i.LogDirectory(), "error.log.*"))
	if err != nil || len(rotated) < 4 {
		i.t.Errorf("rotated logs %v, error %v", rotated, err)
	}
	i.t.Logf("%d requests", load.asked.Load())
}
