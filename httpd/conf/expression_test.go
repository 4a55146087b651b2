package conf

import (
	"strings"
	"testing"
)

// FuzzDecide evaluates any text as an expression: nothing may panic, and no
// text of it may become longer than one may.
func FuzzDecide(f *testing.F) {
	for _, text := range []string{
		`%{REQUEST_URI} =~ m#^/(a+)# && "$1" == 'aa'`, `-n %{HTTP_HOST} || !(req('A') in {'b', "c"})`,
		`tolower("%{DOCUMENT_ROOT}." . 'x') -strmatch '*.x'`, `"%{tolower:%{toupper:a}}" == 'a'`, `1 -eq 01 and true or not false`,
	} {
		f.Add(text)
	}
	config := ReadSource("/nonexistent/t.conf", "DocumentRoot /srv/a\nServerName a.example\n", Options{})
	request := Request{URI: "/aaa", File: "/srv/a/aaa", Host: "a.example", Port: 80}
	f.Fuzz(func(t *testing.T, text string) {
		for _, group := range config.Main().Decide(text, request).Groups {
			if len(group) > maxValue {
				t.Fatalf("a group of %d bytes", len(group))
			}
		}
	})
}

func TestExpressionsAreBounded(t *testing.T) {
	t.Parallel()
	config := ReadSource("/nonexistent/t.conf", "DocumentRoot /"+strings.Repeat("a", 1<<20)+"\n", Options{})
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
			got := config.Main().Decide(c.expression, Request{URI: "/a"})
			if !strings.Contains(got.Reason, c.reason) || (got.Truth == Unknown) != (c.reason != "") || len(got.Reason) > 1<<10 {
				t.Errorf("%v because %.200s, want %q", got.Truth, got.Reason, c.reason)
			}
		})
	}
}

func TestRegularExpressionsTogetherAreBounded(t *testing.T) {
	t.Parallel()
	var compiler regexps
	refused := 0
	for range 2 {
		for i := range 200 {
			if _, err := compiler.compile(strings.Repeat("a", i+1)+"(abcdefghijklmnopqrstuvwxyz){1000}", ""); err != nil {
				refused++
			}
		}
	}
	if refused == 0 || refused == 400 || compiler.size > maxRegexps {
		t.Errorf("%d of 400 refused, %d instructions in all", refused, compiler.size)
	}
}
