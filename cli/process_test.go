package cli

import (
	"context"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/wsgictl/wsgictl/deploy"
	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/trust"
)

// TestMain lets this program be wsgictl, or what else is in WSGICTL_TEST_AS.
func TestMain(m *testing.M) {
	trust.Become() // for what these tests do as another account
	deploy.Become()
	if name := os.Getenv("WSGICTL_TEST_AS"); name != "" {
		os.Args[0] = name
		os.Exit(Main())
	}
	code := m.Run()
	_ = os.RemoveAll(commandFolder)
	os.Exit(code)
}

// process is a command line as a process of its own: its first word is wsgictl
// or mod_wsgi-express.
func process(words ...string) *exec.Cmd {
	command := exec.Command(os.Args[0], words[1:]...)
	command.Env = append(os.Environ(), "WSGICTL_TEST_AS="+words[0])
	return command
}

// run executes a command line that writes to no terminal.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s := newStreams("wsgictl", stdout, stderr)
	defer s.flush()
	return execute(ctx, args, s)
}

// pythonSeries is that of the Python for which the modules of tests are, such as
// "3.11".
var pythonSeries = sync.OnceValue(func() string {
	out, err := exec.Command(httpdtest.Python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])").Output()
	if err != nil {
		panic(err)
	}
	return strings.TrimSpace(string(out))
})

// everyCommand is the first words of each command line that there is, and the
// name that the program is called by.
func everyCommand(t *testing.T) []string {
	t.Helper()
	parser, err := kong.New(&commandLine{Render: newRenderCommand()}, kong.ExplicitGroups(groups), pairFlags)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, command := range parser.Model.Leaves(false) {
		all = append(all, "wsgictl "+command.Path())
	}
	for line := range strings.Lines(expressUsage) {
		if verb, isVerb := strings.CutPrefix(line, "  "); isVerb {
			all = append(all, express.Name+" "+strings.Fields(verb)[0])
		}
	}
	return all
}

// wantsEvery fails for each command that a table has no row for, and for each
// row of no command.
func wantsEvery(t *testing.T, rows []string) {
	t.Helper()
	commands := everyCommand(t)
	for _, command := range commands {
		if !slices.ContainsFunc(rows, func(row string) bool { return row == command || strings.HasPrefix(row, command+" ") }) {
			t.Errorf("no row for: %s", command)
		}
	}
	for _, row := range rows {
		if !slices.ContainsFunc(commands, func(command string) bool { return row == command || strings.HasPrefix(row, command+" ") }) {
			t.Errorf("a row for no command: %s", row)
		}
	}
}

func textOf(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
