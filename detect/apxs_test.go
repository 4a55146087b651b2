package detect

import (
	"os/exec"
	"strings"
	"testing"
)

func TestAllVariablesAtOnceAreThoseAskedOneByOne(t *testing.T) {
	t.Parallel()
	apxs, err := exec.LookPath("apxs")
	if err != nil {
		t.Skip(err)
	}
	answer, err := tree("").output(t.Context(), apxs, "-q")
	if err != nil {
		t.Skipf("this apxs does not answer a bare -q: %v", err)
	}
	all := makeVariables(answer)
	for _, name := range apxsVariables {
		want, err := exec.Command(apxs, "-q", name).Output()
		if err != nil {
			want = nil // a name that it does not know
		}
		if got := all.value(name); got != strings.TrimSpace(string(want)) {
			t.Errorf("%s is %q, apxs -q %s says %q", name, got, name, want)
		}
	}
}

func TestMakeVariableThatNamesItselfEnds(t *testing.T) {
	t.Parallel()
	v := makeVariables("a=$(b)\nb=${a}x\n")
	if got := v.value("A"); !strings.HasSuffix(got, "x") {
		t.Errorf("value %q", got)
	}
}
