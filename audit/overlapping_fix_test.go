package audit

import (
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// TestFixWhoseEditsOverlapIsNotCalledMade holds that a fault of a rule is told: its
// findings must not count as fixed while their file stays as it is.
func TestFixWhoseEditsOverlapIsNotCalledMade(t *testing.T) {
	t.Parallel()
	file := &conf.File{Name: "/srv/a.conf", Source: "Listen 80\n"}
	edit := func(start, end int) FileEdit {
		return FileEdit{file, conf.Edit{Span: conf.Span{Start: start, End: end}, Text: "x"}}
	}
	for name, edits := range map[string][]FileEdit{
		"overlapping":    {edit(0, 6), edit(3, 9)},
		"beyond the end": {edit(7, 99)},
	} {
		fix := &Fix{Safe: true, edits: func() []FileEdit { return edits }}
		files, made, err := ApplyFixes([]*Finding{{Fix: fix}}, false)
		if err == nil || !strings.Contains(err.Error(), file.Name) || files != nil || made != nil {
			t.Errorf("%s: %d files, %d fixes made, error %v", name, len(files), len(made), err)
		}
	}
}
