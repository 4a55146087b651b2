package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whoever may rename in the folder above can put another store in the place of the one
// whose owner was looked at: nothing of that is believed.
func TestStoreIsTheFolderThatWasLookedAt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openTest(t, dir)
	kept := NewFile([]byte("kept\n"), 0o644)
	if err := s.Carry(Transaction{What: "test", Keep: []PathState{kept}, Record: "records/1.json", Value: "mine"}, nil, nil); err != nil {
		t.Fatal(err)
	}
	s = openTest(t, dir)
	other := filepath.Join(dir, "other")
	for name, text := range map[string]string{
		"records/1.json": `"theirs"`, "records/2.json": `"theirs"`, journalName: `{"id": "theirs", "record": "none"}`, objectName(kept.Digest): "theirs\n",
	} {
		path := filepath.Join(other, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(s.Path(), filepath.Join(dir, "mine")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(other, s.Path()); err != nil {
		t.Fatal(err)
	}
	var value string
	if err := s.ReadRecord("records/1.json", &value); err != nil || value != "mine" {
		t.Errorf("the record is %q, error %v", value, err)
	}
	if names, err := s.Records("records"); err != nil || len(names) != 1 {
		t.Errorf("records %v, error %v", names, err)
	}
	if pending, err := s.Pending(); err != nil || pending != nil {
		t.Errorf("pending %v, error %v", pending, err)
	}
	if kept.Content = nil; s.Fill(&kept) != nil || string(kept.Content) != "kept\n" {
		t.Errorf("kept %q", kept.Content)
	}
	if err := s.WriteRecord("records/3.json", "mine"); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(filepath.Join(dir, "mine/records/3.json")); err != nil {
		t.Error(err)
	}
}

// A store that a newer wsgictl has taken up between the opening and the lock is refused
// as one that was so before.
func TestStoreThatBecomesNewerIsNotLocked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openTest(t, dir)
	other := openTest(t, dir)
	if err := other.Make(); err != nil {
		t.Fatal(err)
	}
	if err := other.WriteRecord(formatName, stamp{format + 1, "9.1.0"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Lock(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "use wsgictl 9.1.0 or a newer one here") {
		t.Errorf("error %v", err)
	}
}

func TestErrorsNameTheFileOfTheStore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openTest(t, dir)
	if err := os.MkdirAll(s.Path("records/1.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	var value string
	if err := s.ReadRecord("records/1.json", &value); err == nil || !strings.Contains(err.Error(), s.Path("records/1.json")) {
		t.Errorf("error %v", err)
	}
	if err := s.WriteRecord("records/1.json", value); err == nil || !strings.Contains(err.Error(), s.Path("records/1.json")) {
		t.Errorf("error %v", err)
	}
	if entries, err := os.ReadDir(s.Path("records")); err != nil || len(entries) != 1 {
		t.Errorf("left %v, error %v", entries, err)
	}
}

// A record is kept, by whoever has not locked it first, in a store that is not there.
func TestRecordMakesTheStore(t *testing.T) {
	t.Parallel()
	s := openTest(t, t.TempDir())
	var value string
	if err := s.WriteRecord("records/1.json", "kept"); err != nil || s.ReadRecord("records/1.json", &value) != nil || value != "kept" {
		t.Errorf("%q, error %v", value, err)
	}
}
