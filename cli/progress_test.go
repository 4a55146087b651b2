package cli

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/installer"
)

func TestProgressIsLinesWhereThereIsNoTerminal(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	report, done := newProgress(&out)
	report(installer.Step{What: "compile a.c", Done: 1, Total: 2})
	report(installer.Step{What: "link a.so", Done: 2, Total: 2})
	done()
	if diff := cmp.Diff("[1/2] compile a.c\n[2/2] link a.so\n", out.String()); diff != "" {
		t.Error(diff)
	}
}
