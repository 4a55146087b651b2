package detect_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/detect"
)

func TestReferencePageIsCurrent(t *testing.T) {
	t.Parallel()
	page := filepath.Join(t.TempDir(), "detect.md")
	if output, err := exec.Command("go", "run", "reference.go", page).CombinedOutput(); err != nil {
		t.Fatalf("go run reference.go: %v\n%s", err, output)
	}
	want, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../docs/detect.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("docs/detect.md is stale (-want, +got): run go generate ./detect\n%s", diff)
	}
}

func TestEachProblemHasAGoldenCase(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob("../golden/detect/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var reports strings.Builder
	for _, path := range cases {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		reports.Write(text)
	}
	for _, kind := range detect.ProblemKinds() {
		if !strings.Contains(reports.String(), "\n"+kind.Severity+" "+kind.ID+": ") {
			t.Errorf("no case of golden/detect shows %s %s", kind.Severity, kind.ID)
		}
	}
}
