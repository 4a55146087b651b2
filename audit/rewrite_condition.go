package audit

import (
	"cmp"
	"fmt"
	"path"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// conditions tells whether the RewriteConds above a rule hold. groups is what
// the rule's pattern caught; caught is what the last condition did, for %1 and
// its like. What is not known is taken for false, and wondered about.
func (r *rewriting) conditions(list []*httpdconf.Directive, groups []string) (caught []string, holds bool) {
	for i := 0; i < len(list); i++ {
		d := list[i]
		flags := rewriteFlags(rewriteWords(d)[2])
		holds := r.condition(d, flags, groups, &caught)
		either := flags.has("OR", "ornext")
		switch {
		case !holds && !either:
			return nil, false
		case holds && either:
			for i < len(list)-1 && rewriteFlags(rewriteWords(list[i])[2]).has("OR", "ornext") {
				i++
			}
		}
	}
	return caught, true
}

// condition decides one RewriteCond (apply_rewrite_cond).
func (r *rewriting) condition(d *httpdconf.Directive, flags flags, groups []string, caught *[]string) bool {
	text := expansion{rewriting: r, groups: groups, caught: *caught, from: d}
	subject := text.expand(rewriteWords(d)[0])
	pattern, negated := strings.CutPrefix(rewriteWords(d)[1], "!")
	if strings.EqualFold(rewriteWords(d)[0], "expr") {
		return r.decideExpression(d, pattern, caught) != negated
	}
	if holds, ok := r.compareWith(d, subject, pattern, flags); ok {
		return holds != negated
	}
	compiled, err := r.view.Config.Regexp(pattern, flags.ofRegexp())
	if err != nil {
		r.wonder(d, beyondReader(pattern))
		return false
	}
	found := compiled.FindStringSubmatch(subject)
	if negated {
		return found == nil
	}
	if found != nil {
		*caught = found
	}
	return found != nil
}

// decideExpression decides a RewriteCond expr. Of one that is not negated the
// groups of its last match are caught.
func (r *rewriting) decideExpression(d *httpdconf.Directive, expression string, caught *[]string) bool {
	request := r.request
	request.File, request.Query = r.filename, r.query
	decision := r.scope.server.Decide(expression, request)
	if decision.Truth == httpdconf.Unknown {
		r.wonder(d, decision.Reason)
		return false
	}
	if holds := decision.Truth == httpdconf.True; !holds || strings.HasPrefix(rewriteWords(d)[1], "!") {
		return holds
	}
	*caught = decision.Groups
	return true
}

// compareWith decides the conditions that are no regular expressions. It is
// false where this is one. The pattern is not expanded (cmd_rewritecond).
func (r *rewriting) compareWith(d *httpdconf.Directive, subject, pattern string, flags flags) (holds, ok bool) {
	if len(pattern) < 2 {
		return false, false
	}
	for _, operator := range []string{"<=", ">=", "=", "<", ">"} {
		if other, ok := strings.CutPrefix(pattern, operator); ok {
			if operator == "=" && other == `""` {
				other = ""
			}
			return compareBy(operator, compareTexts(operator, subject, other, flags.has("NC", "nocase"))), true
		}
	}
	for _, operator := range []string{"-eq", "-ne", "-le", "-lt", "-ge", "-gt"} {
		if other, ok := strings.CutPrefix(pattern, operator); ok && other != "" {
			return compareBy(operator, cmp.Compare(modwsgi.Number(subject), modwsgi.Number(other))), true
		}
	}
	if len(pattern) == 2 && pattern[0] == '-' {
		return r.fileTest(d, subject, pattern), true
	}
	return false, false
}

// compareTexts compares as mod_rewrite does: with case, the longer text is the
// greater one (compare_lexicography).
func compareTexts(operator, left, right string, anyCase bool) int {
	switch {
	case anyCase:
		return strings.Compare(mapLetters(left, 'A', 'Z'), mapLetters(right, 'A', 'Z'))
	case operator == "=" || len(left) == len(right):
		return strings.Compare(left, right)
	}
	return cmp.Compare(len(left), len(right))
}

func compareBy(operator string, difference int) bool {
	switch strings.TrimPrefix(operator, "-") {
	case "=", "eq":
		return difference == 0
	case "ne":
		return difference != 0
	case "<", "lt":
		return difference < 0
	case "<=", "le":
		return difference <= 0
	case ">", "gt":
		return difference > 0
	}
	return difference >= 0
}

// fileTest decides -f and its like.
func (r *rewriting) fileTest(d *httpdconf.Directive, name, test string) bool {
	config := r.view.Config
	name = path.Clean(name)
	if !config.Exists(name) && !r.isHere(name) {
		r.wonder(d, fmt.Sprintf("RewriteCond %s depends on files that are not here", rewriteWords(d)[0]))
		return false
	}
	switch test {
	case "-f":
		return config.Exists(name) && !config.IsFolder(name)
	case "-d":
		return config.IsFolder(name)
	case "-s":
		return config.Size(name) > 0
	}
	r.wonder(d, fmt.Sprintf("RewriteCond with %s decides", test))
	return false
}

// isHere tells whether the files around a name are here, so that one that is
// not there is missing.
func (r *rewriting) isHere(name string) bool {
	config := r.view.Config
	root := r.scope.documentRoot()
	if root != "" && (name == path.Clean(root) || isBelow(name, root)) {
		return config.IsFolder(root)
	}
	if r.folder != "" && strings.HasPrefix(name, r.folder) {
		return config.IsFolder(r.folder)
	}
	return config.Exists(name[:nextSlash(name, 0)]) || root != "" && config.IsFolder(root)
}

// expansion puts values in the place of $1, %1 and %{NAME} (do_expand).
type expansion struct {
	*rewriting
	groups, caught []string
	from           *httpdconf.Directive
	depth          int // of maps whose keys are looked up in maps
}

// maxMapDepth is how deep maps may stand in the keys of each other.
const maxMapDepth = 16

func (e expansion) expand(text string) string {
	if e.depth++; e.depth > maxMapDepth || len(text) > maxSubstituted {
		return e.tooLong()
	}
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if out.Len() > maxSubstituted {
			return e.tooLong()
		}
		next := byte(0)
		if i+1 < len(text) {
			next = text[i+1]
		}
		switch {
		case text[i] == '\\' && next != 0:
			out.WriteByte(next)
			i++
		case text[i] == '$' && next >= '0' && next <= '9':
			out.WriteString(groupOf(e.groups, next))
			i++
		case text[i] == '%' && next >= '0' && next <= '9':
			out.WriteString(groupOf(e.caught, next))
			i++
		case next == '{' && (text[i] == '%' || text[i] == '$'):
			value, length := e.inCurlies(text[i:])
			out.WriteString(value)
			i += length - 1
		default:
			out.WriteByte(text[i])
		}
	}
	return out.String()
}

// tooLong ends the request, as one that goes round in circles does.
func (e expansion) tooLong() string {
	e.overlong = true
	e.wonder(e.from, fmt.Sprintf("%s puts together a text of more than %d KiB", e.from.Name, maxSubstituted>>10))
	return ""
}

// inCurlies is the value of the %{NAME} or ${map:key|default} that text begins
// with, and the length of that. What has no end stands for itself.
func (e expansion) inCurlies(text string) (value string, length int) {
	end := indexInCurlies(text[2:], '}')
	if end < 0 {
		return text[:2], 2
	}
	inside, length := text[2:2+end], 2+end+1
	if text[0] == '%' {
		return e.variable(inside), length
	}
	colon := indexInCurlies(inside, ':')
	if colon < 0 {
		return text[:2], 2
	}
	name, key, otherwise := inside[:colon], inside[colon+1:], ""
	if bar := indexInCurlies(key, '|'); bar >= 0 {
		key, otherwise = key[:bar], key[bar+1:]
	}
	value, ok := e.lookUp(name, e.expand(key))
	if !ok {
		value = e.expand(otherwise)
	}
	return value, length
}

// indexInCurlies is where c stands outside of inner curly brackets, before the
// one that closes these; -1 for nowhere (find_char_in_curlies).
func indexInCurlies(text string, c byte) int {
	depth := 0
	for i := range len(text) {
		switch {
		case text[i] == c && depth == 0:
			return i
		case text[i] == '{':
			depth++
		case text[i] == '}' && depth == 0:
			return -1
		case text[i] == '}':
			depth--
		}
	}
	return -1
}

func groupOf(groups []string, digit byte) string {
	if n := int(digit - '0'); n < len(groups) {
		return groups[n]
	}
	return ""
}

// variable is a variable of the request (mod_rewrite: lookup_variable).
func (e expansion) variable(name string) string {
	q := e.question
	switch name {
	case "REQUEST_FILENAME", "SCRIPT_FILENAME":
		return e.filename
	case "REQUEST_URI":
		return q.request.URI
	case "QUERY_STRING":
		return e.query
	case "PATH_INFO":
		return e.info
	case "DOCUMENT_ROOT":
		return q.scope.documentRoot()
	case "HTTP_HOST":
		return q.asked.hostHeader()
	case "SERVER_NAME":
		return q.serverNameOf()
	case "SERVER_PORT":
		return fmt.Sprint(q.namePort())
	case "HTTPS":
		return map[bool]string{true: "on", false: "off"}[q.asked.https]
	case "REQUEST_SCHEME":
		return map[bool]string{true: "https", false: "http"}[q.asked.https]
	case "REQUEST_METHOD":
		return "GET"
	case "THE_REQUEST":
		return "GET " + q.asked.target() + " HTTP/1.1"
	case "SERVER_PROTOCOL":
		return "HTTP/1.1"
	case "IS_SUBREQ":
		return fmt.Sprint(q.isLookup)
	case "REMOTE_USER", "AUTH_TYPE", "REMOTE_IDENT":
		return ""
	}
	if variable, ok := strings.CutPrefix(name, "ENV:"); ok {
		return e.environmentOf(variable)
	}
	e.wonder(e.from, fmt.Sprintf("%%{%s} decides, which only the request tells", name))
	return ""
}

// environmentOf is a variable that rules before have set, or that httpd sets of
// an internal redirect.
func (e expansion) environmentOf(variable string) string {
	if value, ok := e.variables[variable]; ok {
		return value
	}
	switch variable {
	case "REDIRECT_STATUS":
		if e.redirects > 0 && !e.isLookup {
			return "200"
		}
		return ""
	case "HTTPS", "SSL_TLS_SNI", "proxy-nokeepalive":
		return ""
	}
	if e.view.setByRequests()[variable] {
		e.wonder(e.from, fmt.Sprintf("the environment variable %s decides", variable))
	}
	return ""
}

// serverNameOf is the name that the request was sent to, or with
// UseCanonicalName the server's own (ap_get_server_name).
func (q *question) serverNameOf() string {
	if isOn(q.setting("UseCanonicalName")) {
		return q.scope.server.Name
	}
	return q.request.Host
}

// hostHeader is the Host header as a client sends it.
func (a address) hostHeader() string {
	if !a.named || a.https && a.port == 443 || !a.https && a.port == 80 {
		return a.host
	}
	return fmt.Sprintf("%s:%d", a.host, a.port)
}

// target is the path and query of the request line.
func (a address) target() string {
	if a.query == "" {
		return a.path
	}
	return a.path + "?" + a.query
}
