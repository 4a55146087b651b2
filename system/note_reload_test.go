package system

import (
	"slices"
	"strings"
	"testing"
)

// What a reload can lose is said where it can, and nowhere else.
func TestReloadThatCanLoseRequestsIsTold(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	without, with := i.declare("6.1.1", "hello"), i.declare("6.1.1", "hello")
	without.Module.Beside = nil
	i.tellsOfReload(i.Plan(without, Refuse))("")
	if err := i.apply(without); err != nil {
		t.Fatal(err)
	}
	i.tellsOfReload(i.PlanRemoval("hello", Refuse))("has no mod_wsgictl.")
	i.tellsOfReload(i.Plan(without, Refuse))("") // nothing is reloaded
	i.tellsOfReload(i.Plan(with, Refuse))("has no mod_wsgictl; those after it wait for them.")
	if err := i.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	i.tellsOfReload(i.Plan(with, Refuse))("")
	if err := i.Apache.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := i.apply(with); err != nil {
		t.Fatal(err)
	}
	i.tellsOfReload(i.PlanRemoval("hello", Refuse))("")
	i.tellsOfReload(i.PlanRollback(0, "", Refuse))("")
}

// tellsOfReload looks at the notes of a plan: what is said of its reload ends with the
// words, or nothing is said.
func (i *instance) tellsOfReload(plan *Plan, err error) func(end string) {
	i.t.Helper()
	if err != nil {
		i.t.Fatal(err)
	}
	return func(end string) {
		i.t.Helper()
		at := slices.IndexFunc(plan.Notes, func(note string) bool { return strings.HasPrefix(note, "This reload can lose requests") })
		if (at >= 0) != (end != "") || at >= 0 && !strings.HasSuffix(plan.Notes[at], end) {
			i.t.Errorf("notes %q, want one of the reload that ends with %q", plan.Notes, end)
		}
	}
}
