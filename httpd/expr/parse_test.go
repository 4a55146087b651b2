package expr

import (
	"fmt"
	"strings"
	"testing"
)

// host are variables of a request whose values are longer than one may be put
// together from.
type host struct{ root string }

func (h host) Variable(name string) Value {
	if name == "DOCUMENT_ROOT" {
		return Value{Text: h.root}
	}
	return Value{Text: strings.ToLower(name)}
}

func (host) Call(function, argument string) Value {
	return Value{Reason: Beyond{ListFunction, function + ":" + argument}}
}

func (host) MayMatch(*Regexp, string) Reason { return nil }

func (host) Test(operator, word string) (holds Truth, reason Reason) {
	return TruthOf(operator == "f" && word != ""), nil
}

func decide(text string, variables Variables) Decision {
	parsed, err := Parse(text, &Regexps{})
	if (parsed == nil) != (err != nil) {
		panic("an expression that is none: " + text)
	}
	if err != nil {
		return Decision{Truth: Unknown, Reason: Beyond{NotUnderstood, err.Error()}}
	}
	return parsed.Decide(variables)
}

// FuzzDecide evaluates any text as an expression: nothing may panic, and no
// text of it may become longer than one may.
func FuzzDecide(f *testing.F) {
	for _, text := range []string{
		`%{REQUEST_URI} =~ m#^(r+)# && "$1" == 'aa'`, `-n %{HTTP_HOST} || !(req('A') in {'b', "c"})`,
		`tolower("%{DOCUMENT_ROOT}." . 'x') -strmatch '*.x'`, `"%{tolower:%{toupper:a}}" == 'a'`, `1 -eq 01 and true or not false`, `true false`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, group := range decide(text, host{"/srv/a"}).Groups {
			if len(group) > maxValue {
				t.Fatalf("a group of %d bytes", len(group))
			}
		}
	})
}

func TestExpressionsAreBounded(t *testing.T) {
	t.Parallel()
	variables := host{"/" + strings.Repeat("a", 1<<20)}
	many := func(text string) string { return strings.Repeat(text, 100_000) }
	for name, c := range map[string]struct{ expression, reason string }{
		"parentheses": {many("("), "it is nested too deep"},
		"negations":   {many("! "), "it is nested too deep"},
		"functions":   {many("tolower("), "it is nested too deep"},
		"variables":   {"'" + many("%{tolower:") + "'", "it is nested too deep"},
		"parts":       {many("'a'.") + "'a' == 'x'", "longer than 64 KiB"},
		"values":      {"'" + many("%{DOCUMENT_ROOT}") + "' == 'x'", "longer than 64 KiB"},
		"conditions":  {many("false || ") + "false", ""},
		"counts":      {"'a' =~ /" + strings.Repeat("(", 20) + "a" + strings.Repeat("{1000})", 20) + "/", "not understood"},
		"count":       {"'a' =~ /(" + strings.Repeat("abcdefghij", 10) + "){1000}/", "the regular expression is too large"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := decide(c.expression, variables)
			said := fmt.Sprint(got.Reason)
			if !strings.Contains(said, c.reason) || (got.Truth == Unknown) != (c.reason != "") || len(said) > 1<<10 {
				t.Errorf("%v because %.200s, want %q", got.Truth, said, c.reason)
			}
		})
	}
}
