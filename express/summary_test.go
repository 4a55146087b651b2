package express_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestSummaryCountsWhatIsServedAtATime(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	for args, want := range map[string]string{
		"":                           "5 (1 process * 5 threads)",
		"--processes 2 --threads 1":  "2 (2 processes * 1 thread)",
		"--processes 2 --debug-mode": "1 (1 process * 1 thread)",
	} {
		setup, err := a.try(append(a.words(args), "hello.wsgi"))
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range setup.Summary {
			if line[0] == "Request Capacity" && line[1] != want {
				t.Errorf("%q: %s, want %s", args, line[1], want)
			}
		}
	}
}

func TestSummaryTellsWhatServes(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "5.0.2")
	lines := fmt.Sprint(a.plan(t, []string{"hello.wsgi"}).Summary)
	for _, want := range []string{"[Virtualenv " + a.Venv + "]", "[Python " + a.Venv + "/bin/python (", "[mod_wsgi " + a.Venv + "/lib/", "(5.0.2)]"} {
		if !strings.Contains(lines, want) {
			t.Errorf("want %q in %s", want, lines)
		}
	}
}
