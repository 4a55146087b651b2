//go:build unix

package detect

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// endless are files that do not end, or are not to be opened.
var endless = map[string]func(path string) error{
	"a FIFO":      func(path string) error { return unix.Mkfifo(path, 0o644) },
	"a device":    func(path string) error { return os.Symlink("/dev/zero", path) },
	"a large one": func(path string) error { return largeFile(path, nil) },
}

// largeFile is a file of 100 GB, of which the disk holds what it begins with.
func largeFile(path string, start []byte) error {
	if err := os.WriteFile(path, start, 0o755); err != nil {
		return err
	}
	return os.Truncate(path, 100<<30)
}

// Whoever owns a virtualenv, or a Python, can put there what they want.
func TestDetectionEndsWhateverTheFilesAre(t *testing.T) {
	t.Parallel()
	const tree = "-- v/pyvenv.cfg --\nhome = /usr/bin\nversion = 3.11.2\n-- v/bin/python --\n-- v/bin/activate --\n" +
		"-- v/lib/python3.11/site-packages/mod_wsgi/server/mod_wsgi-py311.so --\n-- v/lib/python3.11/site-packages/mod_wsgi_packages/httpd/bin/python --\n" +
		"-- py/bin/python --\n-- py/lib/python3.11/_sysconfigdata__linux_.py --\nbuild_time_vars = {'VERSION': '3.11', 'INCLUDEPY': 'ROOT/py/include'}\n" +
		"-- py/include/patchlevel.h --\n#define PY_VERSION \"3.11.2\"\n"
	for _, name := range []string{
		"v/pyvenv.cfg", "v/bin/python", "v/bin/activate", "v/lib/python3.11/site-packages/mod_wsgi/server/mod_wsgi-py311.so",
		"v/lib/python3.11/site-packages/mod_wsgi_packages/httpd/bin/httpd",
		"py/bin/python3.11", "py/lib/python3.11/_sysconfigdata__linux_.py", "py/include/patchlevel.h",
	} {
		for kind, make := range endless {
			t.Run(name+" is "+kind, func(t *testing.T) {
				t.Parallel()
				root := layTree(t, tree)
				table := filepath.Join(root, "py/lib/python3.11/_sysconfigdata__linux_.py")
				text, err := os.ReadFile(table)
				if err != nil {
					t.Fatal(err)
				}
				link := filepath.Join(root, "v/bin/python")
				for _, err := range []error{
					os.WriteFile(table, bytes.ReplaceAll(text, []byte("ROOT"), []byte(root)), 0o644),
					os.Rename(filepath.Join(root, "py/bin/python"), filepath.Join(root, "py/bin/python3.11")),
					os.Remove(link), os.Symlink("../../py/bin/python3.11", link),
					os.RemoveAll(filepath.Join(root, name)), make(filepath.Join(root, name)),
				} {
					if err != nil {
						t.Fatal(err)
					}
				}
				endsSoon(t, func() { _, _ = Detect(t.Context(), Request{Venv: filepath.Join(root, "v")}) })
			})
		}
	}
}

func endsSoon(t *testing.T, work func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); work() }()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("it does not end")
	}
}

// An image whose tables were made to fill the memory.
func TestImagesThatClaimMuchAreRefused(t *testing.T) {
	t.Parallel()
	module, err := os.ReadFile(compileModule(t, `const char *text = "mod_wsgi/6.1.1";`))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		make func(text []byte) []byte
		size int64
		want string
	}{
		{"large", func(text []byte) []byte { return text }, 100 << 30, "more than the 128 MiB"},
		{"with a large section", largeSection, 100 << 20, "its section .rodata has 67108864 bytes"},
		{"with many sections", manySections, 100 << 20, "more sections than any real library"},
		{"for several processors", func([]byte) []byte { return fatHeader() }, 100 << 20, "neither an ELF nor a Mach-O file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "mod_wsgi.so")
			if err := os.WriteFile(path, test.make(bytes.Clone(module)), 0o644); err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(path, test.size); err != nil {
				t.Fatal(err)
			}
			endsSoon(t, func() {
				if _, err := ReadModule(path); err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("error %v, want one with %q", err, test.want)
				}
			})
		})
	}
}

// largeSection lets the header of the section .rodata claim 64 MiB (elf(5): the
// member sh_size of a header of 64 bytes).
func largeSection(text []byte) []byte {
	f, err := elf.NewFile(bytes.NewReader(text))
	if err != nil || f.Class != elf.ELFCLASS64 {
		return text
	}
	table := binary.LittleEndian.Uint64(text[40:])
	for i, section := range f.Sections {
		if section.Name == ".rodata" {
			binary.LittleEndian.PutUint64(text[table+uint64(i)*64+32:], 64<<20)
		}
	}
	return text
}

// manySections says that the number of sections stands in the first of them.
func manySections(text []byte) []byte {
	binary.LittleEndian.PutUint16(text[60:], 0)
	return text
}

// fatHeader is of a Mach-O file of four billion parts, the first of them endless.
func fatHeader() []byte {
	text := binary.BigEndian.AppendUint32(nil, 0xcafebabe)
	for _, member := range []uint32{0xffffffff, 7, 3, 4096, 0xffffffff, 0} {
		text = binary.BigEndian.AppendUint32(text, member)
	}
	return text
}
