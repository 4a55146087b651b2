package system

import "testing"

// Apache that somebody else stops in the middle of a change serves at its end.
func TestApacheStoppedInTheMiddleServesAgain(t *testing.T) {
	t.Parallel()
	for name, stop := range map[string]func(i *instance) error{
		"before the reload":        func(i *instance) error { return i.Stop(i.t.Context()) },
		"killed before the reload": func(i *instance) error { return i.kill() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newInstance(t)
			if err := i.apply(i.declare("6.1.1", "old")); err != nil {
				t.Fatal(err)
			}
			stopped := false
			i.Report = func(text string) {
				if text == "reload Apache" && !stopped {
					stopped = true
					if err := stop(i); err != nil {
						t.Error(err)
					}
				}
			}
			err := i.apply(i.declare("6.1.1", "old", "new"))
			i.expect("old", "6.1.1")
			if err == nil {
				i.expect("new", "6.1.1")
			}
			i.clean()
		})
	}
}
