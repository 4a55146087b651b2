package plural_test

import (
	"testing"

	"github.com/wsgictl/wsgictl/plural"
)

func TestCountAgreesWithItsThing(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		number int
		thing  string
		want   string
	}{
		{0, "file", "0 files"}, {1, "file", "1 file"}, {2, "file", "2 files"}, {1, "process", "1 process"}, {3, "process", "3 processes"}, {2, "fix", "2 fixes"},
	} {
		if got := plural.Count(test.number, test.thing); got != test.want {
			t.Errorf("%d of %s: %s, want %s", test.number, test.thing, got, test.want)
		}
	}
}
