package express

import "testing"

// A reason of an option that is gone would say nothing, and nobody would see it.
func TestReasonsAreOfOptionsThatThereAre(t *testing.T) {
	t.Parallel()
	there := map[string]bool{}
	for _, option := range Table() {
		there[option.Name], there[option.Group] = true, true
	}
	for _, reasons := range []map[string]string{otherwise, otherwiseIn} {
		for name := range reasons {
			if !there[name] {
				t.Errorf("there is no option or group %s", name)
			}
		}
	}
}
