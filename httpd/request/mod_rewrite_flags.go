package request

import (
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// flags are those of a RewriteRule or RewriteCond: [L,R=301].
type flags []string

func parseFlags(text string) flags {
	return strings.Split(strings.Trim(text, "[]"), ",")
}

// RuleHandler is the handler that a RewriteRule [H=…] gives, or "".
func RuleHandler(d *conf.Directive) string {
	return parseFlags(d.Word(2)).value("H", "handler")
}

// has tells whether a flag is there, by its short or long name.
func (f flags) has(short, long string) bool {
	for _, flag := range f {
		name, _, _ := strings.Cut(strings.TrimSpace(flag), "=")
		if strings.EqualFold(name, short) || strings.EqualFold(name, long) {
			return true
		}
	}
	return false
}

// ofRegexp are the flags of the regular expression.
func (f flags) ofRegexp() string {
	if f.has("NC", "nocase") {
		return "i"
	}
	return ""
}

// value is what follows the "=" of a flag.
func (f flags) value(short, long string) string {
	for _, flag := range f {
		name, value, _ := strings.Cut(strings.TrimSpace(flag), "=")
		if strings.EqualFold(name, short) || strings.EqualFold(name, long) {
			return value
		}
	}
	return ""
}

// number is value as a number, 0 for none.
func (f flags) number(short, long string) int {
	n, _ := strconv.Atoi(f.value(short, long))
	return n
}

// isStatus tells an R with a status that is no redirect.
func (f flags) isStatus() bool {
	n := f.number("R", "redirect")
	return n != 0 && (n < 300 || n > 399)
}
