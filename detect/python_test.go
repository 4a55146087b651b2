package detect

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/needtest"
)

// pythonsAtHand are the real interpreters of the machine, 2.7 to the newest.
func pythonsAtHand(t *testing.T) []string {
	t.Helper()
	var paths []string
	for _, p := range treeAt("").findPythons(&notebook{}) {
		paths = append(paths, p.Path)
	}
	if len(paths) == 0 {
		needtest.Missing(t, "no Python on this machine")
	}
	return paths
}

func TestPythonReadFromFilesIsPythonAsked(t *testing.T) {
	t.Parallel()
	for _, path := range pythonsAtHand(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			asked, err := treeAt("").askPython(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			read := treeAt("").readPython(path)
			if diff := cmp.Diff(asked, read); diff != "" {
				t.Errorf("asked (-) and read (+) differ:\n%s", diff)
			}
		})
	}
}

func TestFactsFromTheTableAreSysconfigsOwn(t *testing.T) {
	t.Parallel()
	for _, path := range pythonsAtHand(t) {
		table, errTable := exec.Command(path, "-E", "-s", "-S", "-B", "-c", pythonFacts).Output()
		asked, errAsked := exec.Command(path, "-E", "-s", "-S", "-B", "-c", pythonFacts, "sysconfig").Output()
		if errTable != nil || errAsked != nil {
			t.Fatal(path, errTable, errAsked)
		}
		if diff := cmp.Diff(string(asked), string(table)); diff != "" {
			t.Errorf("%s: sysconfig (-) and the table (+) differ:\n%s", path, diff)
		}
	}
}

func TestPythonOfAVirtualenvHasItsPrefix(t *testing.T) {
	t.Parallel()
	dir := makeVirtualenv(t)
	path := filepath.Join(dir, "bin", "python")
	p, err := treeAt("").askPython(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, treeAt("").readPython(path)); diff != "" {
		t.Errorf("asked (-) and read (+) differ:\n%s", diff)
	}
	if p.Prefix != dir || p.BasePrefix == dir || p.BasePrefix == "" {
		t.Errorf("prefix %s, base prefix %s of the virtualenv %s", p.Prefix, p.BasePrefix, dir)
	}
}

// makeVirtualenv makes one with the machine's python3, without pip, which
// would take seconds.
func makeVirtualenv(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "app")
	if out, err := exec.Command("/usr/bin/python3", "-m", "venv", "--without-pip", dir).CombinedOutput(); err != nil {
		needtest.Missing(t, "no virtualenv can be made: %v\n%s", err, out)
	}
	return dir
}

func TestSysconfigTable(t *testing.T) {
	t.Parallel()
	const text = `# system configuration generated and used by the sysconfig module
build_time_vars = {
    'CC': 'gcc -pthread',
    "QUOTED": "it's",
    'CFLAGS': '-Wall '
              '-DX="\\"a\\""',
    'Py_DEBUG': 0,
    'NEGATIVE': -1,
    'EMPTY': ''}
`
	want := map[string]string{
		"CC": "gcc -pthread", "QUOTED": "it's", "CFLAGS": `-Wall -DX="\"a\""`, "Py_DEBUG": "0", "NEGATIVE": "-1", "EMPTY": "",
	}
	if diff := cmp.Diff(want, sysconfigTable(text)); diff != "" {
		t.Error(diff)
	}
	for cut := range len(text) { // a damaged file ends the reading, and nothing else
		sysconfigTable(text[:cut])
	}
}
