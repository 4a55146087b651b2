package conf

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

func TestReadEnvvarsIsBounded(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"doubling":        "A=aaaaaaaa\n" + strings.Repeat("A=$A$A\n", 60),
		"defaults":        "A=aaaaaaaa\n" + strings.Repeat(": ${B:=$A$A}\nA=$B\nunset B\n", 60),
		"nested defaults": "A=" + strings.Repeat("${N:-", 50_000) + strings.Repeat("}", 50_000) + "\n",
		"patterns":        "A=" + strings.Repeat("a", 1000) + "\n" + strings.Repeat("B=${A##"+strings.Repeat("*a", 500)+"b}\n", 1000),
		"references":      "A=" + strings.Repeat("a", 100_000) + "\n" + strings.Repeat("B=$A\n", 100_000),
		"thens":           strings.Repeat("then ", 200_000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _ := ReadEnvvars(script, nil, nil)
			for name, value := range got {
				if len(value) > maxValueLength {
					t.Errorf("%s has %d bytes, more than %d", name, len(value), maxValueLength)
				}
			}
		})
	}
}

// FuzzReadEnvvars reads any text as a file of variables: nothing may panic, and
// no value may grow beyond bounds.
func FuzzReadEnvvars(f *testing.F) {
	for _, text := range []string{
		"A=1\nexport B=\"$A ${C:-x}\"\n", "if [ \"$A\" = a ]; then B=1; else B=2; fi\n", ": ${A:=one}\nB=${A##*-}\n", "export ;A={;}\n",
		"A=aa\nA=$A$A$A\n", "A=${B:-${C:-${D}}}\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, _ := ReadEnvvars(text, map[string]string{"A": "a"}, func(string) bool { return true })
		for name, value := range got {
			if len(value) > max(len(text), maxValueLength) {
				t.Fatalf("%s has %d bytes", name, len(value))
			}
		}
	})
}
