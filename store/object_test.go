package store

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPruneKeepsWhatIsNeeded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openTest(t, dir)
	needed, old := NewFile([]byte("needed\n"), 0o644), NewFile([]byte("old\n"), 0o644)
	changes := []Change{{Path: filepath.Join(dir, "made"), After: needed}}
	if err := s.Carry(Transaction{What: "test", Changes: changes, Keep: []PathState{needed, old}, Record: "1.json"}, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Prune(map[string]bool{needed.Digest: true}); err != nil {
		t.Fatal(err)
	}
	for _, state := range []PathState{needed, old} {
		state.Content = nil
		if err := s.Fill(&state); (err == nil) != (state.Digest == needed.Digest) {
			t.Errorf("%s: error %v", state.Digest, err)
		}
	}
	if err := os.WriteFile(s.Path(journalName), []byte(`{"record": "2.json"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Prune(nil); err != nil {
		t.Fatal(err)
	}
	if needed.Content = nil; s.Fill(&needed) != nil {
		t.Error("it takes away what a transaction under way may need")
	}
}
