package detect

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/needtest"
)

func TestAllVariablesAtOnceAreThoseAskedOneByOne(t *testing.T) {
	t.Parallel()
	apxs, err := exec.LookPath("apxs")
	if err != nil {
		needtest.Missing(t, "%v", err)
	}
	answer, err := treeAt("").Output(t.Context(), apxs, "-q")
	if err != nil {
		needtest.Missing(t, "this apxs does not answer a bare -q: %v", err)
	}
	asked := makeVariables(answer)
	read, _ := treeAt("").variablesFile(apxs)
	if read == nil {
		t.Errorf("the variables of %s were not read from its file", apxs)
	}
	for _, name := range apxsVariables {
		out, _ := exec.Command(apxs, "-q", name).Output() // fails for a name that it does not know
		want := strings.TrimSpace(string(out))
		if got := asked.value(name); got != want {
			t.Errorf("apxs -q gives %s=%q, apxs -q %s says %q", name, got, name, want)
		}
		if got := read.value(name); got != want {
			t.Errorf("its file gives %s=%q, apxs -q %s says %q", name, got, name, want)
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
