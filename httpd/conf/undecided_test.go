package conf

import "testing"

// TestEachKindHasASentence: of its own, so that people can tell apart what the code
// does.
func TestEachKindHasASentence(t *testing.T) {
	t.Parallel()
	told := map[string]UndecidedKind{}
	for kind := range undecidedKinds {
		said := Undecided{kind, "it"}.String()
		if other, found := told[said]; found || said == "" {
			t.Errorf("kinds %d and %d both say %q", kind, other, said)
		}
		told[said] = kind
	}
}

// TestConditionsAskForWhatTheyNameAlike: however a condition is written, and negated
// or not, it is the same that is not known.
func TestConditionsAskForWhatTheyNameAlike(t *testing.T) {
	t.Parallel()
	for name, lines := range map[string][2]string{
		"case":       {"<IfModule mod_x.c>", "<IFMODULE mod_x.c>"},
		"negation":   {"<IfModule mod_x.c>", "<IfModule !mod_x.c>"},
		"quotes":     {"<IfModule mod_x.c>", `<IfModule "mod_x.c">`},
		"a file":     {"<IfFile conf/none>", "<IfFile /srv/none-here/conf/none>"},
		"a mark":     {"<IfModule {{ name }}>", "<IfModule {{name}}>"},
		"a release":  {"<IfVersion >= 2.4.50>", "<IfVersion >= 2.4.50>"},
		"a negation": {"<IfDirective Nothing>", "<IfDirective !Nothing>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if first, second := askedBy(t, lines[0]), askedBy(t, lines[1]); first != second {
				t.Errorf("%q is not %q", first, second)
			}
		})
	}
	if first, second := askedBy(t, "<IfVersion >= 2.4.50>"), askedBy(t, "<IfVersion >= 2.4.51>"); first == second {
		t.Errorf("two releases are one: %q", first)
	}
	if first, second := askedBy(t, "<IfModule {{ x }}>"), askedBy(t, "<IfDefine {{ x }}>"); first == second {
		t.Errorf("a module and a definition are one: %q", first)
	}
}

// askedBy is what a section that begins with this line asks for.
func askedBy(t *testing.T, line string) Undecided {
	t.Helper()
	config := ReadSource("/srv/none-here/httpd.conf.j2", "ServerRoot /srv/none-here\n"+line+"\nTimeout 5\n</"+line[1:5]+">\n", Options{})
	for d := range config.All() {
		if d.Is("Timeout") && d.Unknown != nil {
			return d.Unknown.Asks()
		}
	}
	t.Fatalf("%s is decided", line)
	return Undecided{}
}
