package audit

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// rewritten is what the RewriteRules of a server make of a request before
// anything else looks at it (mod_rewrite: hook_uri2file).
type rewritten struct {
	uri     string               // goes on to the aliases; the request's own where no rule changed it
	file    string               // where a rule without PT sends it, past all aliases
	handler string               // of [H=…]
	by      *httpdconf.Directive // the rule that did the last of this
	taken   bool                 // by is a redirect, a refusal or a proxy
	reason  string               // why it is not known
}

// rule is a RewriteRule with the conditions above it.
type rule struct {
	*httpdconf.Directive
	conditions []*httpdconf.Directive
}

// rewriteRules are the rules of the server itself: a virtual host inherits none
// unless RewriteOptions says so. They are in effect where RewriteEngine is On.
func (s *scope) rewriteRules() []rule {
	on := false
	var rules []rule
	var conditions []*httpdconf.Directive
	for _, d := range s.level {
		if undecided(d.Unknown, s.given()) != nil {
			continue
		}
		switch d.Name {
		case "RewriteEngine":
			on = strings.EqualFold(d.Word(0), "On")
		case "RewriteCond":
			conditions = append(conditions, d)
		case "RewriteRule":
			rules = append(rules, rule{d, conditions})
			conditions = nil
		}
	}
	if !on {
		return nil
	}
	return rules
}

// rewrite carries the rules out as far as they can be decided.
func (q *question) rewrite() rewritten {
	r := rewritten{uri: q.request.URI}
	for _, rule := range q.scope.rewriteRules() {
		flags := rewriteFlags(rule.Word(2))
		if flags.has("C", "chain") || flags.has("S", "skip") || flags.has("N", "next") {
			r.by, r.reason = rule.Directive, "a chain of rewrite rules decides"
			return r
		}
		groups, matches := matchRule(rule.Word(0), r.uri)
		if !matches {
			continue
		}
		switch holds, reason := q.conditions(rule.conditions, r.uri); {
		case holds == httpdconf.False:
			continue
		case holds == httpdconf.Unknown:
			r.by, r.reason = rule.Directive, reason
			return r
		}
		if r.apply(rule.Directive, flags, groups, q.scope) {
			return r
		}
	}
	return r
}

// apply does what a rule says, and tells whether it was the last one.
func (r *rewritten) apply(d *httpdconf.Directive, flags flags, groups []string, s *scope) (last bool) {
	target := substitute(d.Word(1), groups)
	if handler := flags.value("H", "handler"); handler != "" {
		r.handler, r.by = handler, d
	}
	switch {
	case flags.has("F", "forbidden") || flags.has("G", "gone") || flags.has("R", "redirect") || flags.has("P", "proxy") || strings.Contains(target, "://"):
		r.by, r.taken = d, true
		return true
	case target == "-":
	case strings.Contains(target, "%{") || strings.Contains(target, "${"):
		r.by, r.reason = d, "where the rewrite rule leads depends on the request"
		return true
	default:
		target, _, _ = strings.Cut(target, "?")
		r.by, r.uri, r.file = d, path.Join("/", target), ""
		if !flags.has("PT", "passthrough") {
			r.file = s.rewrittenFile(r.uri)
		}
	}
	return flags.has("L", "last") || flags.has("END", "END") || flags.has("PT", "passthrough")
}

// rewrittenFile is the file that a rule without PT leads to: the path itself
// where its first folder is there, else one below DocumentRoot.
func (s *scope) rewrittenFile(target string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(target, "/"), "/")
	if first != "" && s.server.Config.Exists("/"+first) {
		return target
	}
	return path.Join(s.documentRoot(), target)
}

// matchRule matches the pattern of a rule, and gives what its groups caught.
func matchRule(pattern, uri string) (groups []string, matches bool) {
	pattern, negated := strings.CutPrefix(pattern, "!")
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		return nil, false
	}
	groups = compiled.FindStringSubmatch(uri)
	return groups, (groups != nil) != negated
}

// substitute puts what the groups caught in the place of $1 and its like.
func substitute(target string, groups []string) string {
	for i := range 10 {
		caught := ""
		if i < len(groups) {
			caught = groups[i]
		}
		target = strings.ReplaceAll(target, fmt.Sprintf("$%d", i), caught)
	}
	return target
}

// conditions decides the RewriteConds above a rule.
func (q *question) conditions(list []*httpdconf.Directive, uri string) (holds httpdconf.Truth, reason string) {
	result, either := httpdconf.True, httpdconf.False
	for _, d := range list {
		flags := rewriteFlags(d.Word(2))
		one, why := q.condition(d, uri, flags.has("NC", "nocase"))
		if one == httpdconf.Unknown {
			reason = why
		}
		either = max(either, one)
		if flags.has("OR", "ornext") {
			continue
		}
		result, either = min(result, either), httpdconf.False
	}
	return result, reason
}

// condition decides one RewriteCond: a variable that a plain GET tells, and a
// regular expression or a text.
func (q *question) condition(d *httpdconf.Directive, uri string, nocase bool) (httpdconf.Truth, string) {
	subject, known := q.rewriteVariable(d.Word(0), uri)
	pattern, negated := strings.CutPrefix(d.Word(1), "!")
	if !known || strings.HasPrefix(pattern, "-") || strings.HasPrefix(pattern, "<") || strings.HasPrefix(pattern, ">") {
		return httpdconf.Unknown, fmt.Sprintf("RewriteCond %s depends on the client or on files", d.Word(0))
	}
	holds := false
	if text, ok := strings.CutPrefix(pattern, "="); ok {
		holds = subject == strings.Trim(text, `"`) || nocase && strings.EqualFold(subject, strings.Trim(text, `"`))
	} else {
		if nocase {
			pattern = "(?i)" + pattern
		}
		compiled, err := regexp.Compile(pattern)
		if err != nil {
			return httpdconf.Unknown, "a regular expression that this reader does not know"
		}
		holds = compiled.MatchString(subject)
	}
	return truth(holds != negated), ""
}

// rewriteVariable is the text that a condition tests, and whether it is known.
func (q *question) rewriteVariable(text, uri string) (value string, known bool) {
	https, port := "off", q.request.Port
	if q.request.HTTPS == httpdconf.True {
		https = "on"
	}
	host := q.request.Host
	if port != 80 && port != 443 {
		host = fmt.Sprintf("%s:%d", host, port)
	}
	value = strings.NewReplacer("%{HTTPS}", https, "%{HTTP_HOST}", host, "%{SERVER_NAME}", q.request.Host,
		"%{REQUEST_URI}", uri, "%{REQUEST_METHOD}", "GET", "%{QUERY_STRING}", q.request.Query,
		"%{SERVER_PORT}", fmt.Sprint(port)).Replace(text)
	return value, !strings.Contains(value, "%") && !strings.Contains(value, "$")
}

// flags are those of a RewriteRule or RewriteCond: [L,R=301].
type flags []string

func rewriteFlags(text string) flags {
	return strings.Split(strings.Trim(text, "[]"), ",")
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
