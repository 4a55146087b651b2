package cli

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// A file that each command reads, as a pipe to which nobody writes.
var pipes = []struct {
	command string
	words   func(*testHost) []string
}{
	{"wsgictl detect --venv", func(h *testHost) []string { return h.venvWithPipe("pyvenv.cfg") }},
	{"wsgictl install-module --venv", func(h *testHost) []string { return h.venvWithPipe("pyvenv.cfg") }},
	{"wsgictl install-module --venv", func(h *testHost) []string { return append(h.venvWithPipe("pip.conf"), "--dry-run") }},
	{"wsgictl install-module --venv", func(h *testHost) []string { return []string{h.venv("venv"), "--source", h.pipe("a.tar.gz")} }},
	{"wsgictl module-config --venv", func(h *testHost) []string { return h.venvWithPipe("pyvenv.cfg") }},
	{"wsgictl module-config --venv", func(h *testHost) []string { return h.venvWithPipe("bin/mod_wsgi-express") }},
	{"wsgictl module-location --venv", func(h *testHost) []string { return h.venvWithPipe("pyvenv.cfg") }},
	{"wsgictl render daemon shop --file", func(h *testHost) []string { return []string{h.pipe("wsgictl.toml")} }},
	{"wsgictl render site shop --host", func(h *testHost) []string { return []string{h.pipe("host.json")} }},
	{"wsgictl render limits --venv", func(h *testHost) []string { return h.venvWithPipe("pyvenv.cfg") }},
	{"wsgictl bootstrap --file", func(h *testHost) []string { return append([]string{h.pipe("wsgictl.toml")}, h.apache()...) }},
	{"wsgictl init --venv", func(h *testHost) []string {
		h.pipe("app.py")
		return []string{h.venv("venv")}
	}},
	{"wsgictl plan --file", func(h *testHost) []string { return append([]string{h.pipe("wsgictl.toml")}, h.apache()...) }},
	{"wsgictl apply --file", func(h *testHost) []string { return append([]string{h.pipe("wsgictl.toml")}, h.apache()...) }},
	{"wsgictl status", func(h *testHost) []string { return h.appliedAs("shop", h.pipe("wsgictl.toml")) }},
	{"wsgictl remove shop", func(h *testHost) []string { return h.appliedAs("shop", h.pipe("wsgictl.toml")) }},
	{"wsgictl rollback 0", func(h *testHost) []string { return h.appliedAs("shop", h.pipe("wsgictl.toml")) }},
	{"wsgictl history", func(h *testHost) []string { return h.appliedAs("shop", h.pipe("wsgictl.toml")) }},
	{"wsgictl effective", func(h *testHost) []string { return []string{h.pipe("httpd.conf")} }},
	{"wsgictl effective --format text", func(h *testHost) []string {
		return []string{h.write("httpd.conf", fmt.Sprintf("Include %q\n", h.pipe("site.conf")))}
	}},
	{"wsgictl effective --envvars", func(h *testHost) []string { return []string{h.pipe("envvars"), h.write("httpd.conf", "")} }},
	{"wsgictl explain", func(h *testHost) []string { return []string{h.pipe("error.log")} }},
	{"wsgictl audit", func(h *testHost) []string { return []string{h.pipe("httpd.conf")} }},
	{"wsgictl audit --fix", func(h *testHost) []string {
		return []string{h.write("httpd.conf", fmt.Sprintf("Include %q\n", h.pipe("site.conf")))}
	}},
	{"wsgictl audit --config", func(h *testHost) []string { return []string{h.pipe("settings"), h.write("httpd.conf", "")} }},
	{"wsgictl audit --baseline", func(h *testHost) []string { return []string{h.pipe("baseline"), h.write("httpd.conf", "")} }},
	{"wsgictl audit --url http://shop.example.org/", func(h *testHost) []string {
		h.pipe("docs/.htaccess")
		return []string{h.write("httpd.conf", fmt.Sprintf("DocumentRoot %q\n<Directory />\nAllowOverride All\n</Directory>\n", h.path("docs")))}
	}},
	{"wsgictl audit --live", func(h *testHost) []string {
		return []string{h.write("httpd.conf", fmt.Sprintf("PidFile %q\n", h.pipe("pid")))}
	}},
	{"wsgictl setup-server --user nobody --server-root", func(h *testHost) []string {
		return append([]string{h.path("root"), h.write("wsgi.py", ""), "--venv"}, h.venvWithPipe("pyvenv.cfg")...)
	}},
	{"wsgictl start-server --user nobody --server-root", func(h *testHost) []string {
		return []string{h.path("root"), h.pipe("wsgi.py"), "--setup-only", "--venv", h.venvWithModule("venv")}
	}},
	{"wsgictl graceful-restart --httpd /usr/sbin/apache2 --pid-file", func(h *testHost) []string { return []string{h.pipe("pid")} }},
	{"wsgictl deploy shop --file", func(h *testHost) []string { return []string{h.pipe("wsgictl.toml")} }},
	{"wsgictl deploy shop --file", func(h *testHost) []string { return []string{h.deployed(), h.pipe("shop.tar")} }},
	{"wsgictl restart --config", func(h *testHost) []string {
		return []string{h.write("httpd.conf", fmt.Sprintf("PidFile %q\n", h.pipe("pid")))}
	}},
	{"wsgictl monitor --token-file", func(h *testHost) []string { return []string{h.pipe("token")} }},
	{"wsgictl top --token-file", func(h *testHost) []string { return []string{h.pipe("token")} }},
	{"wsgictl stuck --token-file", func(h *testHost) []string { return []string{h.pipe("token")} }},
	{"wsgictl monitor", func(h *testHost) []string { return []string{h.pipe("httpd.conf")} }},
	{"wsgictl recordings --directory", func(h *testHost) []string {
		h.pipe("archive/1795630000000000-4711-1.json")
		return []string{h.path("archive")}
	}},
}

// readsNothing are the commands that read no file.
var readsNothing = []string{"wsgictl rules", "wsgictl telemetry-script", "wsgictl ready-script", "wsgictl completion", "wsgictl version"}

// TestNoPipeHoldsACommand: it is refused, or else a signal ends the reading.
func TestNoPipeHoldsACommand(t *testing.T) {
	t.Parallel()
	httpdtest.ShareSystem(t)
	names := slices.Clone(readsNothing)
	for _, verb := range []string{"install-module", "module-config", "module-location", "setup-server", "start-server"} {
		names = append(names, express.Name+" "+verb) // the same by another name
	}
	for _, row := range pipes {
		names = append(names, row.command)
		for _, sent := range []syscall.Signal{unix.SIGTERM, unix.SIGINT} {
			t.Run(fmt.Sprint(row.command, " ", sent), func(t *testing.T) {
				t.Parallel()
				h := newTestHost(t)
				command := process(append(strings.Fields(row.command), row.words(h)...)...)
				command.Dir = h.dir
				if err := command.Start(); err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = command.Process.Kill() }) // it has ended, unless the test has failed
				pid := command.Process.Pid
				await(t, "it ends, or reads the pipe", func() bool {
					return isGone(pid) || opensPipe(pid)
				})
				refused := isGone(pid)
				if err := command.Process.Signal(sent); err != nil {
					t.Fatal(err)
				}
				err := command.Wait() // of refusing it, or by the signal
				if by := command.ProcessState.Sys().(syscall.WaitStatus); refused == by.Signaled() || !refused && by.Signal() != sent {
					t.Errorf("refused: %v, ended with %v", refused, err)
				}
			})
		}
	}
	wantsEvery(t, names)
}
