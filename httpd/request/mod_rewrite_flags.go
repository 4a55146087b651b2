package request

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// flags are those of a RewriteRule or RewriteCond: [L,R=301].
type flags []string

func parseFlags(text string) flags {
	return strings.Split(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"), ",")
}

// RuleHandler is the handler that a RewriteRule gives by [H=…], or else the
// content type of [T=…], in lower case; "" for none.
func RuleHandler(d *conf.Directive) string {
	flags := parseFlags(rewriteWords(d)[2])
	return strings.ToLower(cmp.Or(flags.value("H", "handler"), flags.value("T", "type")))
}

// RuleTarget is what a RewriteRule rewrites to: "-" for what it leaves.
func RuleTarget(d *conf.Directive) string { return rewriteWords(d)[1] }

// MakesFile tells whether httpd takes what a RewriteRule outside of <Directory>
// makes of a path for a file below DocumentRoot: the rule neither passes it on nor
// redirects, refuses or names a handler.
func MakesFile(d *conf.Directive) bool {
	flags := parseFlags(rewriteWords(d)[2])
	for _, flag := range [][2]string{{"PT", "passthrough"}, {"P", "proxy"}, {"R", "redirect"}, {"F", "forbidden"}, {"G", "gone"}, {"H", "handler"}} {
		if flags.has(flag[0], flag[1]) {
			return false
		}
	}
	return true
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

// value is what follows the "=" of a flag: of the last one of that name that has
// any.
func (f flags) value(short, long string) (value string) {
	for _, flag := range f {
		name, own, _ := strings.Cut(strings.TrimSpace(flag), "=")
		if own != "" && (strings.EqualFold(name, short) || strings.EqualFold(name, long)) {
			value = own
		}
	}
	return value
}

// rounds is how many rounds [N] may make.
func (f flags) rounds() int {
	if f.value("N", "next") == "" {
		return maxRounds
	}
	return leadingInt(f.value("N", "next"))
}

// leadingInt is the number that a text begins with, as atoi makes an int of it: of a
// large one the lowest 32 bits.
func leadingInt(text string) int {
	return int(int32(expr.LeadingNumber(text))) //nolint:gosec // as it is meant
}

// number is value as a number, 0 for none.
func (f flags) number(short, long string) int {
	n, _ := strconv.Atoi(f.value(short, long))
	return n
}

// status is that of a rule which redirects or refuses: of the last of these flags that
// tells one (cmd_rewriterule_setflag).
func (f flags) status() int {
	status := http.StatusFound
	for _, flag := range f {
		switch name, value, _ := strings.Cut(strings.TrimSpace(flag), "="); {
		case strings.EqualFold(name, "F") || strings.EqualFold(name, "forbidden"):
			status = http.StatusForbidden
		case strings.EqualFold(name, "G") || strings.EqualFold(name, "gone"):
			status = http.StatusGone
		case value != "" && (strings.EqualFold(name, "R") || strings.EqualFold(name, "redirect")):
			status = wordStatus(value)
		}
	}
	return status
}

// hasErrorStatus tells an R with a status that is no redirect.
func (f flags) hasErrorStatus() bool {
	return slices.ContainsFunc(f, func(flag string) bool {
		name, value, _ := strings.Cut(strings.TrimSpace(flag), "=")
		n, err := strconv.Atoi(value)
		return err == nil && !isRedirection(n) && (strings.EqualFold(name, "R") || strings.EqualFold(name, "redirect"))
	})
}
