package modwsgi_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReferencePagesAreCurrent(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if output, err := exec.Command("go", "run", "reference.go", folder).CombinedOutput(); err != nil {
		t.Fatalf("go run reference.go: %v\n%s", err, output)
	}
	for _, name := range []string{"options.md", "messages.md"} {
		want, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join("..", "docs", name))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("docs/%s is stale (-want, +got): run go generate ./modwsgi\n%s", name, diff)
		}
	}
}
