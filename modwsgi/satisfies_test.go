package modwsgi

import "testing"

func TestSatisfies(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		python, specifier string
		want              bool
	}{
		{"3.11.7", "", true},
		{"3.11.7", ">=3.10", true},
		{"3.9.18", ">=3.10", false},
		{"3.10", ">= 3.10", true},
		{"3.8.18", ">=3.8, <4", true},
		{"3.9.18", "!=3.9.*", false},
		{"3.11.7", "!=3.9.*,>=3.8", true},
		{"3.11.7", "==3.11.*", true},
		{"3.1.7", "==3.11.*", false},
		{"3.11.7", "~=3.8", true},
		{"4.0", "~=3.8", false},
		{"3.8.2", "~=3.8.5", false},
		{"3.8.7", "~=3.8.5", true},
		{"3.9.0", "~=3.8.5", false},
		{"3.11.7", "===3.11.7", true},
		{"3.11.7", "<3.11.7", false},
		{"3.11.7", ">3.11", true},
		{"3.14.0rc1", ">=3.14", true},
	} {
		got, err := Satisfies(test.python, test.specifier)
		if err != nil {
			t.Errorf("%s %s: %v", test.python, test.specifier, err)
		}
		if got != test.want {
			t.Errorf("Python %s and %q: %v, want %v", test.python, test.specifier, got, test.want)
		}
	}
}

func TestSatisfiesRefusesWhatIsNoSpecifier(t *testing.T) {
	t.Parallel()
	for _, specifier := range []string{"3.8", ">=three", ">=3.*", "~3.8"} {
		if _, err := Satisfies("3.11.7", specifier); err == nil {
			t.Errorf("%q: no error", specifier)
		}
	}
}
