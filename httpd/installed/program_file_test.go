package installed

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/needtest"
)

func isProgram(path string) bool { return hostfiles.Root("").IsProgram(path) }

// programAtHand is the real httpd of the machine.
func programAtHand(t *testing.T) string {
	t.Helper()
	found := Find("", "", isProgram, func(string, string) {})
	if len(found) == 0 {
		needtest.Missing(t, "no httpd on this machine")
	}
	return found[0]
}

func TestHTTPDReadFromItsFileIsHTTPDAsked(t *testing.T) {
	t.Parallel()
	path := programAtHand(t)
	asked, err := askProgram(t.Context(), "", path)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(asked.BuiltIn)
	read := readProgram("", path)
	if diff := cmp.Diff(asked, read); diff != "" {
		t.Errorf("asked (-) and read (+) differ:\n%s", diff)
	}
}

func TestHTTPDIsNotReadFromAFileThatDoesNotTell(t *testing.T) {
	t.Parallel()
	program, err := os.ReadFile(programAtHand(t))
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string][]byte{
		"a script":                             []byte("#!/bin/sh\nexec /usr/sbin/httpd.bin \"$@\"\n"),
		"without a library that it needs":      bytes.ReplaceAll(program, []byte("libapr-1.so.0\x00"), []byte("libapr-1.so.9\x00")),
		"another program":                      bytes.ReplaceAll(program, []byte("HTTPD_ROOT="), []byte("OTHER_ROOT=")),
		"without the struct of the core":       bytes.ReplaceAll(program, []byte("\x00core_module\x00"), []byte("\x00c0re_module\x00")),
		"cut in the middle":                    program[:len(program)/2],
		"whose modules have another structure": bytes.ReplaceAll(program, []byte("42PA"), []byte("52PA")),
	}
	for name, content := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "httpd")
			if err := os.WriteFile(path, content, 0o755); err != nil {
				t.Fatal(err)
			}
			if a := readProgram("", path); a != nil {
				t.Errorf("read as %+v", a)
			}
		})
	}
}
