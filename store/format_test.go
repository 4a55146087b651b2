package store

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/trust"
)

// What a wsgictl of before the store had a format of its own has left is undone or
// finished all the same.
func TestJournalOfTheFirstFormatIsRecovered(t *testing.T) {
	t.Parallel()
	needtest.Root(t) // the recorded files are root's
	for name, c := range map[string]struct {
		says string
		left map[string]string // below etc: text of files, and where links lead
	}{
		"undone": {"undid the interrupted apply", map[string]string{"sites/foreign": "not wsgictl's\n"}},
		"held": {"finished the interrupted apply", map[string]string{
			"made/c.conf": "c\n", "mods/a.load": "load a, new\n", "mods/new": "-> a.load", "sites/s.conf": "site, new\n", "sites/s.link": "-> s.conf",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			lay(t, "testdata/format1_"+name+".txtar", dir)
			pending, err := openTest(t, dir).Pending()
			if err != nil || pending == nil || pending.What != "apply" || pending.Time.IsZero() || pending.Held() != (name == "held") {
				t.Fatalf("pending: %+v, error %v", pending, err)
			}
			if done := recoverTest(t, dir); done != c.says {
				t.Errorf("it says %q", done)
			}
			left := map[string]string{}
			for path, state := range snapshot(t, dir) {
				name, _ := filepath.Rel(filepath.Join(dir, "etc"), path)
				switch state.Kind {
				case File:
					left[name] = string(state.Content)
				case Link:
					left[name] = "-> " + state.Target
				}
			}
			if diff := cmp.Diff(c.left, left); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// lay writes the files and links of an archive.
func lay(t *testing.T, archive, dir string) {
	t.Helper()
	recorded, err := txtar.ParseFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	modes := string(recorded.Files[0].Data)
	for line := range strings.Lines(modes) {
		if mode, name, _ := strings.Cut(strings.TrimSpace(line), " "); mode == "755" || mode == "700" {
			err = errors.Join(err, os.MkdirAll(filepath.Join(dir, name), 0o755))
		}
	}
	for _, file := range recorded.Files[2:] {
		text := strings.ReplaceAll(string(file.Data), "@DIR@", dir)
		err = errors.Join(err, os.WriteFile(filepath.Join(dir, file.Name), []byte(text), 0o600))
	}
	for line := range strings.Lines(modes) {
		mode, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		bits, parseErr := strconv.ParseUint(mode, 8, 32)
		err = errors.Join(err, parseErr, os.Chmod(filepath.Join(dir, name), os.FileMode(bits)))
	}
	for line := range strings.Lines(string(recorded.Files[1].Data)) {
		name, target, _ := strings.Cut(strings.TrimSpace(line), " ")
		err = errors.Join(err, os.Symlink(target, filepath.Join(dir, name)))
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestNewerFormatIsRefusedByNameOfItsRelease(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, formatName), []byte(`{"format": 3, "release": "9.1.0", "unknown": []}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(dir, Options{Trusted: trust.RootAndCaller()})
	want := "open store: " + dir + " was written by wsgictl 9.1.0 in format 3, and this wsgictl knows formats up to 2: nothing in it is touched; use wsgictl 9.1.0 or a newer one here"
	if newer := (*Newer)(nil); !errors.As(err, &newer) || err.Error() != want {
		t.Errorf("error %v", err)
	}
}

func TestStoreThatIsAFileIsNoStore(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file, Options{Trusted: trust.RootAndCaller()}); err == nil || !strings.HasPrefix(err.Error(), "open store: ") {
		t.Errorf("error %v", err)
	}
}

func TestStoreOfThisFormatSaysSo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openTest(t, dir)
	if err := s.Carry(Transaction{What: "test", Record: "records/1.json", Value: 7}, nil, nil); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(s.Path(formatName))
	if want := "{\n  \"format\": 2,\n  \"release\": \"1.0\"\n}\n"; err != nil || string(text) != want {
		t.Errorf("%s, error %v", text, err)
	}
}
