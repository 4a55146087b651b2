package conf

import (
	"strings"
	"testing"
)

func TestWordsAreFoundWhereTheyStand(t *testing.T) {
	t.Parallel()
	const none = "\x00"
	tests := []struct {
		text string // after "Define V v w", "Define Q \"a b\"", "Define E \"\"" and a macro M
		word int
		want string // what stands there
	}{
		{`SetEnv A "b c" # x`, 0, "A"},
		{`SetEnv A "b c" # x`, 1, `"b c"`},
		{`SetEnv A b`, 2, none},
		{`  SetEnv	A	${V}/lib`, 1, "${V}/lib"},
		{`SetEnv ${V}x "${V}/${V}"`, 1, `"${V}/${V}"`},
		{`SetEnv ${V}x b`, 0, "${V}x"},
		{`SetEnv ${Q} b`, 0, none}, // two words of one variable
		{`SetEnv ${Q} b`, 2, "b"},
		{`SetEnv "${Q}" b`, 0, `"${Q}"`},
		{`SetEnv ${V}${W} b`, 1, "b"},
		{`SetEnv ${E}A b`, 1, "b"},
		{`SetEnv ${none} b`, 0, "${none}"},
		{`SetEnv ${${V} b`, 0, "${${V}"},
		{"SetEnv \\\n A \\\n b", 1, "b"},
		{"SetEnv A b\\\nc", 1, "b\\\nc"},
		{"SetEnv A \\\r\n ${V}/b\r\n", 1, "${V}/b"},
		{"SetEnv A \\\n ${Q}", 1, none},
		{"SetEnv A b\x00c", 1, "b"},
		{"<Directory /srv >\n</Directory>", 0, "/srv"},
		{"<Directory \"${V}/x\">\n</Directory>", 0, `"${V}/x"`},
		{"<Directory>\n</Directory>", 0, none},
		{"SetEnv A " + strings.Repeat("${V}/", maxVariables), 1, strings.Repeat("${V}/", maxVariables)},
		{"SetEnv A " + strings.Repeat("${V}/", maxVariables+1), 1, none}, // nobody writes that
		{`Use M A`, 0, none},
		{`Use M A`, 1, none}, // what it was given had a part in the line
	}
	for _, test := range tests {
		source := "Define V v\nDefine W w\nDefine Q \"a b\"\nDefine E \"\"\n<Macro M $x>\n SetEnv $x b\n</Macro>\n" + test.text
		config := ReadSource("t.conf", source, Options{})
		got := none
		for d := range config.All() {
			if span, ok := d.WordSpan(test.word); ok {
				got = source[span.Start:span.End]
			}
			break
		}
		if got != test.want {
			t.Errorf("%q, word %d: %q, want %q", test.text, test.word, got, test.want)
		}
	}
}
