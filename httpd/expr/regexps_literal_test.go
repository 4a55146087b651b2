package expr_test

import (
	"testing"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

func TestLiteralStart(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{
		"^/look(?!up)": "/look", "/look": "", "^/a|/b": "", "^/a(b|c)": "/a", "^/a[(]|b": "", "^/a[)]|b": "", "^/a[|]b": "/a", "^/a[]|]b": "/a", "^/a[^]|]b": "/a", "^/ab*": "/a", "^/a$": "/a", `^/a\|b`: "/a", "^": "", "": "", "^/a{2}": "/",
	} {
		if got := expr.LiteralStart(pattern); got != want {
			t.Errorf("%s begins with %q, want %q", pattern, got, want)
		}
	}
}
