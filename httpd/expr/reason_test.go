package expr

import "testing"

// TestEachKindHasASentence: of its own, so that people can tell apart what the code
// does.
func TestEachKindHasASentence(t *testing.T) {
	t.Parallel()
	told := map[string]BeyondKind{}
	for kind := range beyondKinds {
		said := Beyond{kind, "it"}.String()
		if other, found := told[said]; found || said == "" {
			t.Errorf("kinds %d and %d both say %q", kind, other, said)
		}
		told[said] = kind
	}
}
