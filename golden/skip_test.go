package golden_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestNoTestIsPassedOverByItself holds that needtest alone passes over tests: it fails
// them where all must run.
func TestNoTestIsPassedOverByItself(t *testing.T) {
	t.Parallel()
	skip := regexp.MustCompile(`\.[S]kip(f|Now)?\(`)
	files := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasPrefix(path, "../needtest/") {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if found := skip.FindIndex(text); found != nil {
			t.Errorf("%s:%d: a test says by needtest what it is missing", path, 1+strings.Count(string(text[:found[0]]), "\n"))
		}
		return err
	})
	if err != nil || files < 500 {
		t.Fatalf("%d files were looked at: %v", files, err)
	}
}
