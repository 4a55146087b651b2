package httpdconf

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadEnvvarsAgreesWithTheShell(t *testing.T) {
	t.Parallel()
	scripts := map[string]string{
		"plain":       "A=1\nexport B=2\nexport C=\"x y\" D='$A'\nE=$A$B\n",
		"defaults":    ": ${A:=one}\n: ${B:=two}\nexport A B\nC=${B:-x}\nD=${NONE:-none}\nE=${A:+set}\n",
		"conditions":  "X=a\nif [ \"$X\" = a ]; then\n Y=yes\nelse\n Y=no\nfi\nif test -n \"$NONE\"; then Z=1; elif [ -z \"$X\" ]; then Z=2; else Z=3; fi\n",
		"cut":         "F=/etc/apache2-two\nA=${F##*-}\nB=${F#/etc}\nC=${F%%-*}\nD=${F%two}\nE=${F##none}\n",
		"unset":       "A=1\nB=2\nunset A\n",
		"comments":    "# A=1\nB=2 # not C=3\n  C=4;D=5\n",
		"quotes":      "A=\"a 'b' \\\"c\\\"\"\nB='d \"e\"'\nC=f\\ g\nD=\"$A\"h\n",
		"nested":      "if [ 1 = 2 ]; then\nif [ 1 = 1 ]; then\nA=1\nfi\nA=2\nfi\nB=3\n",
		"files":       "if [ -d / ]; then A=1; fi\nif [ ! -e /nonexistent ]; then B=2; fi\n",
		"line joined": "A=1\\\n2\n",
	}
	if debian, err := os.ReadFile("/etc/apache2/envvars"); err == nil {
		scripts["Debian"] = string(debian)
	}
	for name, script := range scripts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "envvars")
			if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
				t.Fatal(err)
			}
			shell := exec.Command("env", "-i", "A=env", "sh", "-c", "set -a; . "+file+"; env")
			output, err := shell.Output()
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]string{}
			for line := range strings.Lines(string(output)) {
				name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
				want[name] = value
			}
			delete(want, "PWD")
			got, skipped := ReadEnvvars(script, map[string]string{"A": "env"}, func(name string) bool { _, err := os.Stat(name); return err == nil })
			if diff := cmp.Diff(want, got); diff != "" || len(skipped) > 0 {
				t.Errorf("environment (-sh +wsgictl):\n%sskipped: %q", diff, skipped)
			}
		})
	}
}

func TestReadEnvvarsLeavesOutWhatOnlyAShellKnows(t *testing.T) {
	t.Parallel()
	got, skipped := ReadEnvvars("A=$(id -u)\nB=`id`\n. /etc/default/locale\nC=1\n", nil, nil)
	if diff := cmp.Diff(map[string]string{"C": "1"}, got); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
	if len(skipped) != 3 {
		t.Errorf("skipped %q, want three lines", skipped)
	}
}
