package conf

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// ruleFlags and conditionFlags are those of mod_rewrite
// (cmd_rewriterule_setflag, cmd_rewritecond_setflag), of all its releases.
var (
	ruleFlags = []string{
		"B", "backrefescaping", "BNE", "BNP", "backrefernoplus", "BCTLS", "C", "chain", "CO", "cookie", "D", "DPI", "discardpath", "E", "env",
		"END", "F", "forbidden", "G", "gone", "H", "handler", "L", "last", "N", "next", "NC", "nocase", "NE", "noescape", "NS", "nosubreq", "P",
		"proxy", "PT", "passthrough", "QSA", "qsappend", "QSD", "qsdiscard", "QSL", "qslast", "R", "redirect", "S", "skip", "T", "type",
		"UnsafePrefixStat", "UnsafeAllow3F", "UNC",
	}
	conditionFlags = []string{"NC", "nocase", "OR", "ornext", "NV", "novary"}
)

func checkRewriteRule(_ *reader, d *Directive) string {
	words := RewriteWords(d.Args)
	if len(words) < 2 {
		return "RewriteRule: bad argument line '" + d.Args + "'"
	}
	if message := checkFlags("RewriteRule", words, ruleFlags); message != "" {
		return message
	}
	if pattern := strings.TrimPrefix(words[0], "!"); IsBrokenPattern(pattern) {
		return "RewriteRule: cannot compile regular expression '" + pattern + "'"
	}
	return ""
}

func checkRewriteCond(_ *reader, d *Directive) string {
	words := RewriteWords(d.Args)
	if len(words) < 2 {
		return "RewriteCond: bad argument line '" + d.Args + "'"
	}
	if message := checkFlags("RewriteCond", words, conditionFlags); message != "" {
		return message
	}
	pattern := strings.TrimPrefix(words[1], "!")
	if !strings.EqualFold(words[0], "expr") && !strings.HasPrefix(pattern, "-") && strings.Trim(pattern[:min(1, len(pattern))], "<>=") != "" &&
		IsBrokenPattern(pattern) {
		return "RewriteCond: cannot compile regular expression '" + pattern + "'"
	}
	return ""
}

// checkFlags is cmd_parseflagfield.
func checkFlags(name string, words, known []string) string {
	if len(words) < 3 {
		return ""
	}
	field := words[2]
	if len(field) < 2 || field[0] != '[' || field[len(field)-1] != ']' {
		return name + ": bad flag delimiters"
	}
	for flag := range strings.SplitSeq(field[1:len(field)-1], ",") {
		key, _, _ := strings.Cut(strings.TrimSpace(flag), "=")
		if !containsFold(known, key) {
			return name + ": unknown flag '" + key + "'"
		}
	}
	return ""
}

// RewriteWords are the arguments of a RewriteRule or RewriteCond as mod_rewrite
// splits them (parseargline): up to three, where a backslash keeps a blank in a word and stands itself.
func RewriteWords(args string) []string {
	var words []string
	for _, span := range RewriteSpans(args) {
		words = append(words, args[span.Start:span.End])
	}
	return words
}

// RewriteSpans are where the RewriteWords stand in args, without their quotes.
func RewriteSpans(args string) []Span {
	var spans []Span
	for rest := trimLeft(args); rest != "" && len(spans) < 3; rest = trimLeft(rest) {
		quote := rest[0]
		if quote != '"' && quote != '\'' {
			quote = 0
		} else {
			rest = rest[1:]
		}
		end := 0
		for end < len(rest) && (quote != 0 && rest[end] != quote || quote == 0 && !isSpace(rest[end])) {
			if rest[end] == '\\' && end+1 < len(rest) && isSpace(rest[end+1]) {
				end++
			}
			end++
		}
		start := len(args) - len(rest)
		spans = append(spans, Span{start, start + min(end, len(rest))})
		rest = rest[min(end+1, len(rest)):]
	}
	return spans
}

// checkRewriteBase is cmd_rewritebase.
func (r *reader) checkRewriteBase(d *Directive) string {
	if r.modules.complete && !r.isHtaccess && !isInDirectory(d) {
		return "RewriteBase: only valid in per-directory config files"
	}
	return ""
}

// isInDirectory tells whether a directive stands in a section for directories,
// URLs or files.
func isInDirectory(d *Directive) bool {
	for at := d.Parent; at != nil; at = at.Parent {
		if kind, _ := kindOfSection(at); kind != otherSection || at.Is("<Proxy") || at.Is("<ProxyMatch") {
			return true
		}
	}
	return false
}

// checkRedirect is add_redirect_internal outside of sections; inside them, and in
// a .htaccess file, it may be an expression.
func checkRedirect(r *reader, d *Directive) string {
	words := d.Words()
	if r.isHtaccess || isInDirectory(d) || len(words) == 0 {
		return ""
	}
	redirects, understood := true, true
	switch first := strings.ToLower(words[0]); {
	case containsFold([]string{"permanent", "temp", "seeother"}, first):
	case first == "gone":
		redirects = false
	case first != "" && '0' <= first[0] && first[0] <= '9':
		code := expr.LeadingNumber(first)
		redirects = 300 <= code && code <= 399
	default:
		understood = false
	}
	switch {
	case len(words) == 3 && !understood:
		return "Redirect: invalid first argument (of three)"
	case len(words) == 3 && !redirects:
		return "Redirect URL not valid for this status"
	case redirects && (len(words) == 1 || len(words) == 2 && understood):
		return "URL to redirect to is missing"
	case redirects && !isURLOrPath(words[len(words)-1]):
		return "Redirect to non-URL"
	}
	return ""
}

// checkRedirectMatch checks the pattern, which may follow a status.
func checkRedirectMatch(_ *reader, d *Directive) string {
	words := d.Words()
	at := 0
	if len(words) == 3 || len(words) == 2 && (containsFold([]string{"permanent", "temp", "seeother", "gone"}, words[0]) || expr.LeadingNumber(words[0]) > 0) {
		at = 1
	}
	if !isInDirectory(d) && at < len(words) && IsBrokenPattern(words[at]) {
		return "Regular expression could not be compiled."
	}
	return ""
}

// isURLOrPath tells a path, or what ap_is_url takes for a URL: a scheme of
// letters, digits, "+", "-" and ".", and a colon.
func isURLOrPath(text string) bool {
	scheme, _, ok := strings.Cut(text, ":")
	isScheme := ok && scheme != "" && strings.Trim(strings.ToLower(scheme), "abcdefghijklmnopqrstuvwxyz0123456789+-.") == ""
	return strings.HasPrefix(text, "/") || isScheme
}
