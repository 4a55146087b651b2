package express_test

import "testing"

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
