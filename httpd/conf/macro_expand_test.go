package conf

import (
	"slices"
	"strings"
	"testing"
)

// FuzzExpandLine holds the line of a macro against the plain way to replace its
// parameters, which takes time in the square of its length.
func FuzzExpandLine(f *testing.F) {
	f.Add("SetEnv $a @a", "$a", "@a", "x", `y "z" \`)
	f.Add("$ab$a$b", "$a", "$ab", "$a", "")
	f.Add("@a@a@a", "@a", "a", `"""""""@a`, `\`)
	f.Add(strings.Repeat("$a", 4000), "$a", "", "xx", "")
	f.Fuzz(func(t *testing.T, line, nameA, nameB, valueA, valueB string) {
		if len(line) >= maxMacroLine || nameA == "" || nameB == "" || nameA == nameB {
			return
		}
		m := &macro{parameters: []string{nameA, nameB}}
		m.noteBeginnings()
		values := []string{valueA, valueB}
		var buffer lineBuffer
		got, ok := m.expandLine(&buffer, line, values, m.inserted(values))
		want, wantOK := expandPlainly(line, m.parameters, values)
		if ok != wantOK || ok && string(got) != want {
			t.Fatalf("%q with %q for %q: %q %v, want %q %v", line, values, m.parameters, got, ok, want, wantOK)
		}
	})
}

// expandPlainly is substitute_macro_args: it looks for each parameter in the
// rest of the line, and makes a new line of it.
func expandPlainly(line string, parameters, values []string) (expanded string, ok bool) {
	for at := 0; ; {
		start, which := -1, -1
		for i, parameter := range parameters {
			found := strings.Index(line[at:], parameter)
			if found >= 0 && (which < 0 || found < start || found == start && len(parameter) > len(parameters[which])) {
				start, which = found, i
			}
		}
		if which < 0 {
			return line, true
		}
		name, value := parameters[which], values[which]
		inserted := value
		if name[0] == '@' && name != value {
			inserted = `"` + strings.NewReplacer(`"`, `\"`, `\`, `\\`).Replace(value) + `"`
		}
		start += at
		line = line[:start] + inserted + line[start+len(name):]
		if len(line) >= maxMacroLine {
			return "", false
		}
		at = start + len(value)
	}
}

func TestParametersOfAMacro(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		parameters []string
		want       string
	}{
		{[]string{"$a", "$b"}, ""},
		{[]string{"$a", "", "$b", "$b"}, "empty argument #2 name"},
		{[]string{"$a", "", "$a"}, "argument '$a': #1 and #3"},
		{[]string{"$b", "$a", "$a", "$b"}, "argument '$b': #1 and #4"},
		{[]string{"", ""}, "empty argument #1 name"},
	} {
		if got := (&macro{parameters: c.parameters}).checkParameters(); c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%q: %q, want %q", c.parameters, got, c.want)
		}
	}
	many := strings.Fields(numbered(" $%d", 100_000))
	if got := (&macro{parameters: slices.Concat(many, many[99_999:])}).checkParameters(); !strings.Contains(got, "#100000 and #100001") {
		t.Errorf("of many: %q", got)
	}
}
