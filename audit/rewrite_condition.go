package audit

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
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
	text := expansion{r, groups, *caught, d}
	subject := text.expand(rewriteWords(d)[0])
	pattern, negated := strings.CutPrefix(rewriteWords(d)[1], "!")
	if strings.EqualFold(rewriteWords(d)[0], "expr") {
		r.wonder(d, "a RewriteCond with an expression decides")
		return false
	}
	if holds, ok := r.compareWith(d, subject, text.expandPattern(pattern), flags); ok {
		return holds != negated
	}
	if flags.has("NC", "nocase") {
		pattern = "(?i)" + pattern
	}
	compiled, err := regexp.Compile("(?s)" + pattern)
	if err != nil {
		r.wonder(d, "a regular expression that this reader does not know decides")
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

// compareWith decides the conditions that are no regular expressions. It is
// false where this is one.
func (r *rewriting) compareWith(d *httpdconf.Directive, subject, pattern string, flags flags) (holds, ok bool) {
	for _, operator := range []string{"<=", ">=", "=", "<", ">"} {
		if other, ok := strings.CutPrefix(pattern, operator); ok {
			other = strings.Trim(other, `"`)
			if flags.has("NC", "nocase") {
				subject, other = strings.ToLower(subject), strings.ToLower(other)
			}
			return compareBy(operator, strings.Compare(subject, other)), true
		}
	}
	for _, operator := range []string{"-eq", "-ne", "-le", "-lt", "-ge", "-gt"} {
		if other, ok := strings.CutPrefix(pattern, operator); ok {
			left, _ := strconv.Atoi(strings.TrimSpace(subject))
			right, _ := strconv.Atoi(strings.TrimSpace(other))
			return compareBy(operator, left-right), true
		}
	}
	if len(pattern) == 2 && pattern[0] == '-' {
		return r.fileTest(d, subject, pattern), true
	}
	return false, false
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
		text, err := config.ReadFile(name)
		return err == nil && len(text) > 0
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
}

func (e expansion) expand(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
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
		case text[i] == '%' && next == '{' && strings.IndexByte(text[i:], '}') > 0:
			end := i + strings.IndexByte(text[i:], '}')
			out.WriteString(e.variable(text[i+2 : end]))
			i = end
		case text[i] == '$' && next == '{' && strings.IndexByte(text[i:], '}') > 0:
			e.wonder(e.from, "a RewriteMap decides")
			i += strings.IndexByte(text[i:], '}')
		default:
			out.WriteByte(text[i])
		}
	}
	return out.String()
}

// expandPattern expands the text that a condition is compared with; a regular
// expression stays as it is.
func (e expansion) expandPattern(pattern string) string {
	if strings.HasPrefix(pattern, "=") || strings.HasPrefix(pattern, "<") || strings.HasPrefix(pattern, ">") {
		return e.expand(pattern)
	}
	return pattern
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
