package installer

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplitWords(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][]string{
		"":                        nil,
		"  gcc  -pthread\t-O2\n":  {"gcc", "-pthread", "-O2"},
		`-DNAME="two words"`:      {"-DNAME=two words"},
		`-DNAME='"quoted"' -g`:    {`-DNAME="quoted"`, "-g"},
		`-DNAME=\"x\"`:            {`-DNAME="x"`},
		`'a b'"c d" '' "\\\""`:    {"a bc d", "", `\"`},
		`-I/opt/with\ space`:      {"-I/opt/with space"},
		`'it is \ left as it is'`: {`it is \ left as it is`},
	} {
		if diff := cmp.Diff(want, shellSplit(line)); diff != "" {
			t.Errorf("%q: %s", line, diff)
		}
	}
}
