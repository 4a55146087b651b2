package cli

import (
	"bytes"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// hostile is what others may call a file, and write into one: the title of the
// window, a colour that wsgictl does not use, the same in C1 as a character and
// as a byte, and what moves the cursor or turns the line around. On a command
// line, in JSON and in TOML, which are text, it goes without the byte.
const (
	hostileText = "\x1b]0;obeyed\a\x1b[35m\u009b35m\x7f\b\r\u202e\u2066\u200f\u2028"
	hostile     = hostileText + "\x9b35m"
	hostileName = "\x1b]0;obeyed\a\u009b\u202e" // of a folder in which files are looked for
)

// A hostileRow gives the words behind a command, which feed it something
// hostile that it prints.
type hostileRow struct {
	command string
	words   func(*testHost) []string
}

// commands of every kind, and what each reads of others.
var hostileRows = []hostileRow{
	{"wsgictl detect --explain --venv", func(h *testHost) []string { return []string{h.venv(hostileText)} }},
	{"wsgictl detect --venv", func(h *testHost) []string {
		venv := h.venv("venv")
		h.write("venv/pyvenv.cfg", "home = /usr/"+hostile+"\nversion = 3.11.2\n")
		return []string{venv}
	}},
	{"wsgictl detect --explain", func(h *testHost) []string {
		h.start("apache2", hostile)
		return nil
	}},
	{"wsgictl detect --json --venv", func(h *testHost) []string { return []string{h.venv(hostileText)} }},
	{"wsgictl detect --httpd", func(h *testHost) []string { return []string{h.path(hostile)} }},
	{"wsgictl install-module --dry-run --release 5.0.2 --venv", func(h *testHost) []string {
		return []string{h.venv("venv"), "--index-url", h.yankingIndex()} // the reason
	}},
	{"wsgictl install-module --venv", func(h *testHost) []string {
		return []string{h.venv("venv"), "--no-cache", "--source", h.source()} // the bar
	}},
	{"wsgictl install-module --venv", func(h *testHost) []string { return []string{h.venv("venv"), "--source", h.path(hostile)} }},
	{"wsgictl module-config --venv", func(h *testHost) []string { return []string{h.venvWithModule(hostileName)} }},
	{"wsgictl module-config --venv", func(h *testHost) []string { return []string{h.venv(hostileText)} }},
	{"wsgictl module-location --venv", func(h *testHost) []string { return []string{h.venvWithModule(hostileName)} }},
	{"wsgictl module-location --json --venv", func(h *testHost) []string { return []string{h.venvWithModule(hostileName)} }},
	{"wsgictl render daemon shop --display-name", func(*testHost) []string { return []string{hostileText} }},
	{"wsgictl render daemon shop --home", func(h *testHost) []string { return []string{h.path(hostileText)} }},
	{"wsgictl render site shop --server-name shop.example.org --script", func(h *testHost) []string { return []string{h.path(hostileText)} }},
	{"wsgictl render site shop --file", func(h *testHost) []string { return []string{h.path(hostile)} }},
	{"wsgictl render limits --file", func(h *testHost) []string { return []string{h.write(hostileText, "[]\n")} }},
	{"wsgictl render limits --host", func(h *testHost) []string { return []string{h.path(hostile)} }},

	{"wsgictl bootstrap --file", func(h *testHost) []string { return append([]string{h.write(hostileText, "[]\n")}, h.apache()...) }},
	{"wsgictl init --venv", func(h *testHost) []string {
		return []string{h.venv("venv"), "--script", h.write("wsgi.py", "application = None\n"), "--file", h.path(hostileText)}
	}},
	{"wsgictl plan --file", func(h *testHost) []string { return []string{h.path(hostile)} }},
	{"wsgictl plan --file", func(h *testHost) []string { return h.declare("shop.example.org") }},
	{"wsgictl apply --file", func(h *testHost) []string { return []string{h.write(hostileText, "[]\n")} }},
	{"wsgictl apply --file", func(h *testHost) []string { return h.declare(hostileText) }},
	{"wsgictl status", func(h *testHost) []string { return h.applied() }},
	{"wsgictl remove", func(h *testHost) []string { return append(h.applied(), hostile) }},
	{"wsgictl rollback", func(h *testHost) []string { return append(h.applied(), hostile) }},
	{"wsgictl rollback 0", func(h *testHost) []string { return h.applied() }}, // the diff
	{"wsgictl history", func(h *testHost) []string { return h.applied() }},
	{"wsgictl history --json", func(h *testHost) []string { return h.applied() }},

	{"wsgictl effective", func(h *testHost) []string { return []string{h.configuration()} }},
	{"wsgictl effective --files", func(h *testHost) []string { return []string{h.configuration()} }},
	{"wsgictl effective --hosts", func(h *testHost) []string { return []string{h.configuration()} }},
	{"wsgictl effective --format json", func(h *testHost) []string { return []string{h.configuration()} }},
	{"wsgictl effective", func(h *testHost) []string { return []string{h.path(hostile)} }},
	{"wsgictl explain", func(h *testHost) []string { return []string{h.path(hostile)} }},
	{"wsgictl explain", func(h *testHost) []string { return []string{h.log()} }},

	{"wsgictl setup-server --user nobody --venv", func(h *testHost) []string { return []string{h.venvWithModule("venv"), h.path(hostile)} }},
	{"wsgictl setup-server", func(h *testHost) []string { return h.served() }}, // the summary
	{"wsgictl start-server --setup-only", func(h *testHost) []string { return h.served() }},
	{"wsgictl start-server", func(*testHost) []string { return []string{"--" + hostile} }},
	{"wsgictl graceful-restart --httpd /usr/sbin/apache2 --pid-file", func(h *testHost) []string { return []string{h.path(hostile)} }},
	{"wsgictl deploy shop --file", func(h *testHost) []string { return []string{h.deployed(), h.path(hostile)} }},
	{"wsgictl deploy --file", func(h *testHost) []string { return []string{h.deployed(), hostile} }},
	{"wsgictl restart --config", func(h *testHost) []string { return []string{h.configuration()} }},
	{"wsgictl restart --config", func(h *testHost) []string { return []string{h.path(hostile)} }},
	{"wsgictl ready-script", func(*testHost) []string { return []string{"/" + hostileText} }},
	{"wsgictl telemetry-script --socket", func(*testHost) []string { return []string{"/" + hostileText} }},
	{"wsgictl monitor --token-file", func(h *testHost) []string { return []string{h.path(hostile)} }},
	{"wsgictl top --once --url", func(h *testHost) []string { return []string{h.monitorThatSays(hostileText)} }},
	{"wsgictl stuck --url", func(h *testHost) []string { return []string{h.monitorThatSays(hostileText)} }},
	{"wsgictl recordings --directory", func(h *testHost) []string { return []string{h.recording()} }},
	{"wsgictl recordings 1795630000000000-4711-1 --directory", func(h *testHost) []string { return []string{h.recording()} }},
	{"wsgictl recordings 1795630000000000-4711-1 --json --directory", func(h *testHost) []string { return []string{h.recording()} }},

	{"wsgictl audit", func(h *testHost) []string { return []string{h.configuration()} }},
	{"wsgictl audit --apps", func(h *testHost) []string { return []string{h.configuration()} }},
	{"wsgictl audit --url http://shop.example.org/ ", func(h *testHost) []string { return []string{h.configuration()} }},
	{"wsgictl audit --url", func(h *testHost) []string {
		return []string{"http://shop.example.org/" + hostile, h.configuration()}
	}},
	{"wsgictl audit --diff --unsafe-fixes", func(h *testHost) []string { return []string{h.configuration()} }},
	{"wsgictl audit --fix", func(h *testHost) []string { return []string{h.configuration()} }},
	{"wsgictl audit --live", func(h *testHost) []string { return []string{h.configuration()} }},
	{"wsgictl audit --format json", func(h *testHost) []string { return []string{h.configuration()} }},
	{"wsgictl audit --format sarif", func(h *testHost) []string { return []string{h.configuration()} }},
	{"wsgictl audit --format github", func(h *testHost) []string { return []string{h.configuration()} }},
	{"wsgictl audit --format junit", func(h *testHost) []string { return []string{h.configuration()} }},
	{"wsgictl rules", func(*testHost) []string { return []string{hostile} }},
	{"wsgictl completion", func(*testHost) []string { return []string{hostile} }},
	{"wsgictl version", func(*testHost) []string { return []string{hostile} }},

	{"mod_wsgi-express install-module", func(*testHost) []string { return []string{hostile} }},
	{"mod_wsgi-express module-config", func(*testHost) []string { return []string{hostile} }},
	{"mod_wsgi-express module-location", func(*testHost) []string { return []string{hostile} }},
	{"mod_wsgi-express setup-server", func(h *testHost) []string { return h.served() }},
	{"mod_wsgi-express start-server --user nobody --venv", func(h *testHost) []string { return []string{h.venvWithModule("venv"), h.path(hostile)} }},
}

// ours is what wsgictl itself sends to a terminal: its colours, and what its
// bar clears the line with.
var ours = regexp.MustCompile(`\x1b\[(0|1|31|32|33)m|\r *\r|\r\x1b\[K`)

// TestNothingOfOthersSteersTheTerminal runs every command at a terminal.
func TestNothingOfOthersSteersTheTerminal(t *testing.T) {
	t.Parallel()
	httpdtest.ShareSystem(t)
	names := []string{}
	for _, row := range hostileRows {
		names = append(names, row.command)
		t.Run(row.command, func(t *testing.T) {
			t.Parallel()
			h := newTestHost(t)
			command := process(append(strings.Fields(row.command), row.words(h)...)...)
			command.Dir, command.Env = h.dir, append(command.Env, "TMPDIR="+h.dir)
			shown := atTerminal(t, command)
			if !strings.Contains(shown, "obeyed") && !strings.Contains(shown, "35m") {
				t.Errorf("nothing hostile is printed: %q", shown)
			}
			rest := ours.ReplaceAllString(strings.ReplaceAll(shown, "\r\n", "\n"), "")
			if shown := printable(rest); shown != rest {
				t.Errorf("the terminal gets\n%q, want\n%q", rest, shown)
			}
		})
	}
	wantsEvery(t, names)
}

// What programs read has each byte, and a report for people has none that
// steers, into a file or a pipe as well: it is looked at later.
func TestOnlyReportsAreWrittenWithEscapes(t *testing.T) {
	t.Parallel()
	httpdtest.ShareSystem(t)
	h := newTestHost(t)
	for _, test := range []struct {
		exact bool
		words []string
	}{
		{true, []string{"effective", h.configuration()}},
		{true, []string{"effective", "--files", h.configuration()}},
		{true, []string{"audit", "--diff", "--unsafe-fixes", h.configuration()}},
		{false, []string{"audit", "--format", "github", h.configuration()}},
		{true, []string{"module-location", "--venv", h.venvWithModule(hostileName)}},
		{true, []string{"module-config", "--venv", h.path(hostileName)}},
		{true, []string{"render", "site", "shop", "--server-name", "shop.example.org", "--script", h.write("tab\vbed.py", "application = None\n")}},
		{true, append([]string{"rollback", "0"}, h.applied()...)},
		{true, []string{"detect", "--json", "--venv", h.path(hostileName)}},
		{true, []string{"effective", "--format", "json", h.configuration()}},
		{true, []string{"explain", "--format", "json", h.log()}},
		{true, []string{"audit", "--format", "json", h.configuration()}},
		{true, []string{"audit", "--format", "sarif", h.configuration()}},
		{true, []string{"audit", "--apps", "--format", "json", h.configuration()}},
		{true, append([]string{"history", "--json"}, h.apache()...)},
		{true, []string{"recordings", "--json", "--directory", h.recording()}},
		{true, []string{"module-location", "--json", "--venv", h.path(hostileName)}},
		{true, []string{"module-config", "--json", "--venv", h.path(hostileName)}},
		{false, []string{"explain", h.log()}},
		{false, []string{"audit", h.configuration()}},
		{false, []string{"audit", "--apps", h.configuration()}},
		{false, []string{"recordings", "--directory", h.recording()}},
		{false, append([]string{"history"}, h.apache()...)},
	} {
		var stdout, stderr bytes.Buffer
		run(t.Context(), test.words, &stdout, &stderr)
		if exact := printable(stdout.String()) != stdout.String(); exact != test.exact || stdout.Len() == 0 {
			t.Errorf("%q: as it is: %v\n%q\n%q", test.words, exact, &stdout, &stderr)
		}
		if stderr.String() != printable(stderr.String()) {
			t.Errorf("%q: %q", test.words, &stderr)
		}
	}
}

// A misspelt command is printed, too.
func TestWrongCommandSteersNoTerminal(t *testing.T) {
	t.Parallel()
	for _, words := range [][]string{{"wsgictl", hostile}, {"wsgictl", "audit", "--" + hostile}, {"mod_wsgi-express", hostile}} {
		if shown := strings.ReplaceAll(atTerminal(t, process(words...)), "\r\n", "\n"); shown != printable(shown) || !strings.Contains(shown, "obeyed") {
			t.Errorf("%q", shown)
		}
	}
}

// atTerminal gives what a command writes to its terminal.
func atTerminal(t *testing.T, command *exec.Cmd) string {
	t.Helper()
	near, far := httpdtest.OpenTerminal(t)
	httpdtest.AttachTerminal(command, far)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	far.Close()
	if _, err := near.WriteString("n\n"); err != nil { // to a question
		t.Fatal(err)
	}
	var shown bytes.Buffer
	_, _ = shown.ReadFrom(near) // ends with EIO when nobody has the other end any more
	_ = command.Wait()          // by its exit code most tell of a fault
	return shown.String()
}
