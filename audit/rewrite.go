package audit

import (
	"fmt"
	"path"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// rewritten is what the RewriteRules of a server make of a request before
// anything else looks at it.
type rewritten struct {
	uri     string               // goes on to the aliases
	file    string               // where a rule without PT sends it, past all aliases
	handler string               // of [H=…]
	by      *httpdconf.Directive // the rule that did the last of this
	taken   bool                 // by is a redirect, a refusal or a proxy
}

// rewriting is one run through a list of rules (mod_rewrite:
// apply_rewrite_list).
type rewriting struct {
	*question
	folder   string // that the rules are for, with a slash at its end; "" for a server's
	filename string // what the rules change: the URL of a server's, a file name of a section's
	info     string // PATH_INFO, which those of a section look at too
	query    string
	handler  string
	by       *httpdconf.Directive
	changed  bool // a rule put something else in the place of the name
	passed   bool // by one with PT
	taken    bool // a redirect, a refusal or a proxy
	overlong bool // a text became longer than one is let
}

// rewriteServer carries out the rules of the server (hook_uri2file).
func (q *question) rewriteServer() rewritten {
	rules := q.serverRules()
	if len(rules) == 0 || q.ended {
		return rewritten{uri: q.request.URI}
	}
	run := rewriting{question: q, filename: q.request.URI, query: q.request.Query}
	run.apply(rules)
	r := rewritten{uri: q.request.URI, by: run.by, handler: run.handler, taken: run.taken}
	if !run.changed || run.taken {
		return r
	}
	q.request.Query = run.query
	if run.passed {
		r.uri = run.filename
		return r
	}
	r.file = q.scope.rewrittenFile(run.filename, run.by)
	return r
}

// rewrittenFile is the file that a rule without PT leads to: the path itself
// where its first folder is there and stands in the rule, or it begins with
// DocumentRoot; else one below DocumentRoot (prefix_stat).
func (s *scope) rewrittenFile(target string, by *httpdconf.Directive) string {
	root := s.documentRoot()
	first, _, _ := strings.Cut(strings.TrimPrefix(target, "/"), "/")
	if first != "" && s.server.Config.Exists("/"+first) && (strings.HasPrefix(rewriteWords(by)[1], "/"+first) || strings.HasPrefix(target, root)) {
		return target
	}
	file := path.Join(root, target)
	if strings.HasSuffix(target, "/") {
		file += "/"
	}
	return file
}

// rewriteFolder carries out the rules of the sections and .htaccess files
// around the file, and redirects to what they lead to (hook_fixup). It is false
// where the request goes on.
func (q *question) rewriteFolder() (o outcome, done bool) {
	rules := q.folderRules()
	if rules == nil || q.ended || q.filename == "" || !rules.slashless && q.filename+"/" == rules.folder {
		return outcome{}, false
	}
	if q.allows("FollowSymLinks") == httpdconf.False && q.allows("SymLinksIfOwnerMatch") == httpdconf.False {
		o = nothing("without Options FollowSymLinks httpd answers 403 where RewriteRules are")
		o.refused = true
		return o, true
	}
	run := rewriting{question: q, folder: rules.folder, filename: q.filename, info: q.info, query: q.request.Query}
	run.apply(rules.list)
	if run.handler != "" {
		q.ruled, q.inside = run.handler, run.by
	}
	switch {
	case run.taken:
		return q.refuse(run.by), true
	case !run.changed || run.filename == q.filename:
		return outcome{}, false
	}
	return q.redirect(q.urlOfRewritten(run.filename, rules), run.query), true
}

// urlOfRewritten is the URL of what the rules of a section led to.
func (q *question) urlOfRewritten(name string, rules *folderRules) string {
	if rules.base != "" {
		if url, ok := exchange(name, rules.folder, rules.base); ok {
			return url
		}
	} else if below, ok := strings.CutPrefix(name, path.Clean(q.scope.documentRoot())); ok && strings.HasPrefix(below, "/") {
		return below
	}
	if q.contextRoot != "" {
		if url, ok := exchange(name, q.contextRoot, q.contextURL); ok {
			return url
		}
	}
	return name
}

// exchange puts a URL in the place of the folder that a name begins with
// (subst_prefix_path).
func exchange(name, folder, url string) (exchanged string, ok bool) {
	below, ok := strings.CutPrefix(name, strings.TrimSuffix(folder, "/")+"/")
	if !ok {
		return name, false
	}
	return strings.TrimSuffix(url, "/") + "/" + below, true
}

// apply runs through the rules until one is the last.
func (r *rewriting) apply(rules []rule) {
	rounds, tried := 1, 0
	for i := 0; i < len(rules); i++ {
		rule := rules[i]
		if tried++; tried > maxTried {
			r.taken, r.by = true, rule.Directive
			return
		}
		flags := rewriteFlags(rewriteWords(rule.Directive)[2])
		if r.isLookup && (flags.has("NS", "nosubreq") || flags.has("R", "redirect")) {
			continue
		}
		if !r.applyRule(rule, flags) {
			for i < len(rules)-1 && rewriteFlags(rewriteWords(rules[i].Directive)[2]).has("C", "chain") {
				i++
			}
			continue
		}
		switch {
		case r.taken || r.passed:
			return
		case flags.has("END", "END"):
			r.ended = true
			return
		case flags.has("L", "last"):
			return
		case flags.has("N", "next"):
			if rounds++; rounds >= maxRounds {
				r.taken = true
				return
			}
			i = -1
		default:
			i += min(max(0, flags.number("S", "skip")), len(rules)) // httpd skips none for less than 0
		}
	}
}

// maxRounds is how often [N] may begin again before it is taken for a loop.
// httpd goes on for 32,000 rounds, which change nothing any more.
const maxRounds = 1000

// maxTried is how many rules are tried for one request, in all rounds.
const maxTried = 1 << 20

// applyRule does what a rule says, where it matches (apply_rewrite_rule).
func (r *rewriting) applyRule(rule rule, flags flags) (matches bool) {
	subject := strings.TrimPrefix(r.filename+r.info, r.folder)
	groups, matches := r.match(rule, subject, flags)
	if !matches {
		return false
	}
	caught, holds := r.conditions(rule.conditions, groups)
	if !holds {
		return false
	}
	text := expansion{rewriting: r, groups: groups, caught: caught, from: rule.Directive}
	r.by = rule.Directive
	r.setVariables(flags, text)
	if handler := flags.value("H", "handler"); handler != "" {
		r.handler = strings.ToLower(text.expand(handler))
	}
	target := rewriteWords(rule.Directive)[1]
	switch {
	case flags.has("F", "forbidden") || flags.has("G", "gone") || flags.isStatus():
		r.taken = true
	case target == "-":
		r.taken = flags.has("R", "redirect") || flags.has("P", "proxy")
		r.passed = flags.has("PT", "passthrough")
		r.changed = r.changed || r.passed
	default:
		r.changeTo(text.expand(target), flags)
	}
	r.taken = r.taken || r.overlong
	return true
}

// changeTo takes over what a rule leads to.
func (r *rewriting) changeTo(target string, flags flags) {
	if own, ok := r.withoutOwnHost(target); ok {
		target = own
	}
	absolute := isAbsoluteURI(target)
	if r.taken = absolute || flags.has("P", "proxy") || flags.has("R", "redirect"); r.taken {
		return
	}
	added := !strings.HasPrefix(target, "/")
	if added && r.folder != "" {
		target = r.folder + target
	} else if added {
		target = "/" + target
	}
	if flags.has("DPI", "discardpath") {
		r.info = ""
	}
	target = r.splitQuery(target, flags)
	if literal := strings.HasPrefix(rewriteWords(r.by)[1], "//"); !added && !literal && !flags.has("UNC", "UNC") {
		target = "/" + strings.TrimLeft(target, "/")
	}
	r.filename, r.changed = target, true
	r.passed = flags.has("PT", "passthrough")
}

// splitQuery takes the query off what a rule leads to (splitout_queryargs).
func (r *rewriting) splitQuery(target string, flags flags) string {
	if flags.has("QSD", "qsdiscard") {
		r.query = ""
	}
	at := strings.IndexByte(target, '?')
	if flags.has("QSL", "qslast") {
		at = strings.LastIndexByte(target, '?')
	}
	if at < 0 {
		return target
	}
	own := target[at+1:]
	switch {
	case !flags.has("QSA", "qsappend"):
		r.query = own
	case own != "":
		r.query = strings.TrimSuffix(own+"&"+r.query, "&")
	}
	return target[:at]
}

// withoutOwnHost takes the server's own name off a URL (reduce_uri).
func (r *rewriting) withoutOwnHost(target string) (path string, ok bool) {
	scheme, rest, ok := strings.Cut(target, "://")
	if !ok || !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") {
		return "", false
	}
	if r.asked.https != strings.EqualFold(scheme, "https") {
		return "", false
	}
	authority, rest, _ := strings.Cut(rest, "/")
	host, port, named := strings.Cut(authority, ":")
	usual := map[bool]string{false: "80", true: "443"}[r.asked.https]
	if !named {
		port = usual
	}
	return "/" + rest, r.scope.isCalled(host, port)
}

// isCalled tells whether a name and port are those of the server itself: of its
// <VirtualHost> line, or with the port of its ServerName
// (ap_matches_request_vhost).
func (s *scope) isCalled(host, port string) bool {
	for _, address := range s.server.Addresses {
		if strings.EqualFold(address.Host, host) && (address.Port == 0 || fmt.Sprint(address.Port) == port) {
			return true
		}
	}
	return fmt.Sprint(s.server.Port) == port && s.server.HasName(host)
}

// isAbsoluteURI tells a URL with one of the schemes that mod_rewrite knows.
func isAbsoluteURI(target string) bool {
	scheme, _, ok := strings.Cut(target, ":")
	if !ok {
		return false
	}
	switch strings.ToLower(scheme) {
	case "ajp", "balancer", "ftp", "fcgi", "gopher", "http", "https", "h2", "h2c", "ldap", "nntp", "scgi", "ws", "wss":
		return strings.HasPrefix(target[len(scheme):], "://")
	case "mailto", "news", "unix":
		return true
	}
	return false
}

// setVariables does what [E=NAME:VALUE] says.
func (r *rewriting) setVariables(flags flags, text expansion) {
	for _, flag := range flags {
		name, value, _ := strings.Cut(strings.TrimSpace(flag), "=")
		if !strings.EqualFold(name, "E") && !strings.EqualFold(name, "env") {
			continue
		}
		variable, value, hasValue := strings.Cut(text.expand(value), ":")
		if unset, ok := strings.CutPrefix(variable, "!"); ok && !hasValue {
			r.unsetVariable(unset)
			continue
		}
		r.setVariable(variable, value)
	}
}
