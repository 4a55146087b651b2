package conf_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// awkward are values that quoting goes wrong on first.
var awkward = []string{
	"", " ", "plain", "two words", "\ttab\t", `"`, `'`, `\`, `\\`, `\"`, `"quoted"`, `'quoted'`,
	`ends in \`, `C:\new\table`, "#comment", "a#b", "$", "$HOME", "$1", "{x}", "}", "%{GLOBAL}", "100%", "%",
	"a=b", "<x>", "x>", "/path/to/file", "/päth/中文/😀", "\xff\xfe", "\x01\x7f", "\v\f", "-", "--", "@@",
	`\$`, `$\{x}`, `\#`, "`id`", "$(id)", "a;b|c&d", "~", "*", "?", "[a]", "!", "^",
}

func TestQuoteRefusesWhatNoQuotingCarries(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"a\nb", "a\rb", "a\x00b", "${HOME}", "x${", "\n", "a\r\n"} {
		if text, err := conf.Quote(value); err == nil {
			t.Errorf("Quote(%q) = %s, want an error", value, text)
		}
		if text, err := conf.Argument(value); err == nil {
			t.Errorf("Argument(%q) = %s, want an error", value, text)
		}
	}
}

func TestArgumentQuotesOnlyWhereNeeded(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"/srv/app": "/srv/app", "%{GLOBAL}": "%{GLOBAL}", "app.wsgi:application": "app.wsgi:application",
		"": `""`, "a b": `"a b"`, `a"b`: `"a\"b"`, `a\b`: `"a\\b"`, "$": `"$"`, "#": `"#"`, "é": `"é"`, "a>": `"a>"`,
	} {
		got, err := conf.Argument(value)
		if err != nil || got != want {
			t.Errorf("Argument(%q) = %s, %v, want %s", value, got, err, want)
		}
	}
}

func TestWordsSplitAsApacheDoes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args string
		want []string
	}{
		{"", nil},
		{"   ", nil},
		{"a b\tc", []string{"a", "b", "c"}},
		{`"a b" c`, []string{"a b", "c"}},
		{`'a "b' c`, []string{`a "b`, "c"}},
		{`"a\"b\\c\d"`, []string{`a"b\c\d`}},
		{`a\\b \"c`, []string{`a\b`, `\"c`}}, // a bare word keeps the backslash before a quote
		{`"a"b`, []string{"a", "b"}},         // the closing quote ends the word
		{`a"b c"`, []string{`a"b`, `c"`}},    // a quote inside a word is a character
		{`"open end`, []string{"open end"}},
		{`"" x`, []string{"", "x"}},
		{`"a\`, []string{`a\`}},
	} {
		if diff := cmp.Diff(test.want, conf.Words(test.args)); diff != "" {
			t.Errorf("Words(%s) (-want +got):\n%s", test.args, diff)
		}
	}
}

// FuzzQuote holds Quote and Words against each other; TestApacheReadsBack and
// FuzzQuoteByApache hold Quote against Apache itself.
func FuzzQuote(f *testing.F) {
	for _, value := range awkward {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		for _, write := range []func(string) (string, error){conf.Quote, conf.Argument} {
			text, err := write(value)
			if err != nil {
				continue
			}
			if diff := cmp.Diff([]string{value, "next"}, conf.Words(text+" next")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", text, diff)
			}
		}
	})
}
