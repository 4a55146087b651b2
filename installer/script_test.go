package installer

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/needtest"
)

// TestConsoleScript runs scripts under interpreters whose paths a "#!" line
// can hold, and cannot.
func TestConsoleScript(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("/usr/bin/python3")
	if err != nil {
		needtest.Missing(t, "%v", err)
	}
	for name, folder := range map[string]string{
		"plain": "plain", "space": "with a space", "quote": `a"quote and $HOME`, "long": strings.Repeat("long/", 40),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), folder)
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			interpreter := filepath.Join(dir, "python")
			if err := os.Symlink(python, interpreter); err != nil {
				t.Fatal(err)
			}
			module := "import sys\ndef main():\n    print(sys.executable, *sys.argv[1:], sep='|')\n    return 3\n"
			if err := os.WriteFile(filepath.Join(dir, "tool.py"), []byte(module), 0o644); err != nil {
				t.Fatal(err)
			}
			script := filepath.Join(dir, "script")
			if err := os.WriteFile(script, consoleScript(shebang(interpreter), entryPoint{"tool", "main"}), 0o755); err != nil {
				t.Fatal(err)
			}
			command := exec.Command(script, "one", "two three")
			out, err := command.Output()
			if command.ProcessState == nil || command.ProcessState.ExitCode() != 3 {
				t.Fatalf("%v", err)
			}
			if diff := cmp.Diff(interpreter+"|one|two three\n", string(out)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
