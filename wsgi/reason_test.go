package wsgi

import "testing"

// TestEachKindHasASentence: of its own, so that people can tell apart what the code
// does.
func TestEachKindHasASentence(t *testing.T) {
	t.Parallel()
	var all []string
	for kind := range undecidedKinds {
		all = append(all, Undecided{kind, "it"}.String())
	}
	for refusal := range handlerRefusals {
		all = append(all, refusal.String())
	}
	told := map[string]bool{}
	for i, said := range all {
		if told[said] || said == "" {
			t.Errorf("the sentence %d is %q, which another one is too", i, said)
		}
		told[said] = true
	}
}
