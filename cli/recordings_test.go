package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Processes of the application write recordings, and anybody who can write to
// their folder could have whoever looks at them wait, or run out of memory.
func TestRecordingsAreRegularFilesOfABoundedSize(t *testing.T) {
	t.Parallel()
	const id = "1795630000000000-4711-1"
	facts := `{"version": 1, "method": "GET", "url": "/", "status": "200 OK"}`
	for name, test := range map[string]struct {
		lay  func(dir string) error
		args []string
		want string
	}{
		"a FIFO":           {func(dir string) error { return syscall.Mkfifo(filepath.Join(dir, id+".json"), 0o666) }, nil, "it is a FIFO"},
		"an endless file":  {func(dir string) error { return os.Symlink("/dev/zero", filepath.Join(dir, id+".json")) }, nil, "it is a device"},
		"a huge recording": {func(dir string) error { return sparse(filepath.Join(dir, id+".json")) }, nil, "more than the 4 MiB"},
		"too many":         {func(dir string) error { return many(dir, facts) }, nil, "more than the 128 MiB"},
		"a huge response":  {func(dir string) error { return lay(dir, facts, sparse) }, []string{id}, "more than the 256 MiB"},
		"an endless answer": {func(dir string) error {
			return lay(dir, facts, func(p string) error { return os.Symlink("/dev/zero", p) })
		}, []string{id}, "it is a device"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := test.lay(dir); err != nil {
				t.Fatal(err)
			}
			var stdout, stderr bytes.Buffer
			code := run(t.Context(), append([]string{"recordings", "--directory", dir}, test.args...), &stdout, &stderr)
			if code != exitUsage || !strings.Contains(stderr.String(), test.want) {
				t.Errorf("exit code %d, stderr %s", code, &stderr)
			}
		})
	}
}

// sparse makes a file of 100 GB that takes no room.
func sparse(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	return file.Truncate(100 << 30)
}

// many gives one recording of nearly 4 MiB 40 names.
func many(dir, facts string) error {
	first := filepath.Join(dir, "1795630000000000-4711-1.json")
	if err := os.WriteFile(first, []byte(facts+strings.Repeat(" ", 4<<20-len(facts))), 0o600); err != nil {
		return err
	}
	for i := range 40 {
		if err := os.Link(first, filepath.Join(dir, "1795630000000000-4712-"+strconv.Itoa(i)+".json")); err != nil {
			return err
		}
	}
	return nil
}

// lay writes a recording with a response that is made.
func lay(dir, facts string, makeResponse func(string) error) error {
	stem := filepath.Join(dir, "1795630000000000-4711-1")
	if err := os.WriteFile(stem+".json", []byte(facts), 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(stem+".request", nil, 0o600); err != nil {
		return err
	}
	return makeResponse(stem + ".response")
}
