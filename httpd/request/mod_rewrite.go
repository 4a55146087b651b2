package request

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// rewritten is what the RewriteRules of a server make of a request before
// anything else looks at it.
type rewritten struct {
	question        // with the URL that goes on to the aliases
	file     string // where a rule without PT sends it, past all aliases
	handler  string // of [H=…]
	rule     *rule  // that did the last of this, or nil
	taken    bool   // it is a redirect, a refusal or a proxy
	status   int    // of these, 0 where a proxy answers
}

// rewriting is one run through a list of rules (apply_rewrite_list).
type rewriting struct {
	question
	early    *Settings // for what the names of the server are
	folder   string    // that the rules are for, with a slash at its end; "" for a server's
	filename string    // what the rules change: the URL of a server's, a file name of a section's
	info     string    // PATH_INFO, which those of a section look at too
	query    string
	handler  string
	rule     *rule // the last one that matched, or nil
	changed  bool  // a rule put something else in the place of the name
	passed   bool  // by one with PT
	taken    bool  // a redirect, a refusal or a proxy
	endless  bool  // a text became longer than one is let, or [N] begins again too often
	ownsEnv  bool  // the environment is a copy, which it may set variables in

	mayMatch   []int // numbers of the rules that may match the subject below
	mayMatchIn string
}

// rewriteServer carries out the rules of the server (hook_uri2file).
func (q question) rewriteServer(early *Settings) rewritten {
	if q.ended {
		return rewritten{question: q}
	}
	rules := q.serverRules(early)
	if len(rules.rules) == 0 {
		return rewritten{question: q}
	}
	run := rewriting{question: q, early: early, filename: q.URI, query: q.Query}
	run.apply(rules)
	w := rewritten{question: run.question, rule: run.rule, handler: run.handler, taken: run.taken, status: run.status()}
	if !run.changed || run.taken {
		return w
	}
	w.Query = run.query
	if run.passed {
		w.URI = run.filename
	} else {
		w.file = q.server.rewrittenFile(run.filename, run.rule.Directive)
	}
	return w
}

// rewrittenFile is the file that a rule without PT leads to: the path itself
// where its first folder is there and stands in the rule, or it begins with
// DocumentRoot; else one below DocumentRoot (prefix_stat).
func (s *Server) rewrittenFile(target string, by *conf.Directive) string {
	root := s.DocumentRoot()
	first, _, _ := strings.Cut(strings.TrimPrefix(target, "/"), "/")
	if first != "" && s.Config.Exists("/"+first) && (strings.HasPrefix(rewriteWords(by)[1], "/"+first) || strings.HasPrefix(target, root)) {
		return target
	}
	file := path.Join(root, target)
	if strings.HasSuffix(target, "/") {
		file += "/"
	}
	return file
}

// rewriteFolder carries out the rules of the sections and .htaccess files around
// the file, and notes what they lead to (hook_fixup).
func (r located) rewriteFolder() (located, *death) {
	rules := r.folderRules()
	if rules == nil || r.ended || r.filename == "" || r.leadsTo != nil || !rules.has("allownoslash") && r.filename+"/" == rules.folder {
		return r, nil
	}
	if !r.allows("FollowSymLinks") && !r.allows("SymLinksIfOwnerMatch") {
		return r, r.refuse(http.StatusForbidden, "without Options FollowSymLinks httpd answers 403 where RewriteRules are")
	}
	run := rewriting{question: r.question, early: r.Settings, folder: rules.folder, filename: r.filename, info: r.info, query: r.Query}
	run.apply(&rules.ruleSet)
	r.question = run.question
	if run.handler != "" {
		r.ruled, r.rule = run.handler, run.rule.Directive
	}
	switch {
	case run.taken:
		return r, r.endBy(run.rule.Directive, run.status())
	case run.changed && run.filename != r.filename:
		r.leadsTo = &address{r.urlOfRewritten(run.filename, rules), run.query}
	}
	return r, nil
}

// urlOfRewritten is the URL of what the rules of a section led to.
func (r located) urlOfRewritten(name string, rules *folderRules) string {
	if rules.base != "" {
		if url, ok := exchange(name, rules.folder, rules.base); ok {
			return url
		}
	} else if below, ok := strings.CutPrefix(name, path.Clean(r.server.DocumentRoot())); ok && strings.HasPrefix(below, "/") {
		return below
	}
	if r.contextFolder != "" {
		if url, ok := exchange(name, r.contextFolder, r.contextURL); ok {
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
func (r *rewriting) apply(set *ruleSet) {
	rules, rounds := set.rules, 1
	for i := 0; i < len(rules); i++ {
		if i = r.nextRule(set, i); i == len(rules) {
			return
		}
		rule := &rules[i]
		if !r.spend(1+len(rule.conditions), rule.Directive) {
			r.taken, r.rule = true, rule
			return
		}
		if r.isLookup && (rule.flags.has("NS", "nosubreq") || rule.flags.has("R", "redirect")) {
			continue
		}
		if !r.applyRule(rule) {
			for i < len(rules)-1 && rules[i].flags.has("C", "chain") {
				i++
			}
			continue
		}
		switch {
		case r.taken || r.passed:
			return
		case rule.flags.has("END", "END"):
			r.ended = true
			return
		case rule.flags.has("L", "last"):
			return
		case rule.flags.has("N", "next"):
			if rounds++; rounds >= maxRounds {
				r.taken, r.endless = true, true
				return
			}
			i = -1
		default:
			i += min(max(0, rule.flags.number("S", "skip")), len(rules)) // httpd skips none for less than 0
		}
	}
}

// status is that of a request which a rule has ended.
func (r *rewriting) status() int {
	switch {
	case !r.taken:
		return 0
	case r.endless:
		return http.StatusInternalServerError
	}
	return r.rule.endStatus()
}

// nextRule is the number of the first rule from i on that may match, or that of
// rules where none may.
func (r *rewriting) nextRule(set *ruleSet, i int) int {
	if set.index == nil {
		return i
	}
	if subject := r.subject(); r.mayMatch == nil || r.mayMatchIn != subject {
		r.mayMatch, r.mayMatchIn = slices.Collect(expr.InOrder(set.index.Near(subject))), subject
		r.work.done += len(r.mayMatch) / 64
	}
	at, _ := slices.BinarySearch(r.mayMatch, i)
	if at == len(r.mayMatch) {
		return len(set.rules)
	}
	return r.mayMatch[at]
}

// subject is what the patterns of rules are matched against.
func (r *rewriting) subject() string { return strings.TrimPrefix(r.filename+r.info, r.folder) }

// maxRounds is how often [N] may begin again before it is taken for a loop.
// httpd goes on for 32,000 rounds, which change nothing any more.
const maxRounds = 1000

// applyRule does what a rule says, where it matches (apply_rewrite_rule).
func (r *rewriting) applyRule(rule *rule) (matches bool) {
	groups, matches := r.match(rule, r.subject())
	if !matches {
		return false
	}
	caught, holds := r.conditions(rule.conditions, groups)
	if !holds {
		return false
	}
	text := expansion{rewriting: r, groups: groups, caught: caught, from: rule.Directive}
	r.rule = rule
	r.setVariables(rule.flags, text)
	if handler := rule.flags.value("H", "handler"); handler != "" {
		r.handler = strings.ToLower(text.certain(handler))
	}
	switch {
	case rule.flags.has("F", "forbidden") || rule.flags.has("G", "gone") || rule.flags.isStatus():
		r.taken = true
	case rule.target == "-":
		r.taken = rule.flags.has("R", "redirect") || rule.flags.has("P", "proxy")
		r.passed = rule.flags.has("PT", "passthrough")
		r.changed = r.changed || r.passed
	default:
		r.changeTo(text, rule)
	}
	r.taken = r.taken || r.endless
	return true
}

// match matches the pattern of a rule, and gives what its groups caught.
func (r *rewriting) match(rule *rule, subject string) (groups caught, matches bool) {
	compiled, err := r.server.Config.Regexp(rule.pattern, rule.flags.ofRegexp())
	if err != nil && cannotMatch(rule.pattern, subject) {
		return caught{}, rule.negated
	}
	if err != nil {
		doubt := Doubt{By: rule.Directive, Reason: beyondReader(rule.pattern)}
		return caught{unknown: &doubt}, r.assume(doubt)
	}
	found := compiled.FindStringSubmatch(subject)
	if rule.negated {
		return caught{}, found == nil
	}
	return caught{groups: found}, found != nil
}

// cannotMatch tells whether a text begins in another way than all that a regular
// expression matches, in any case.
func cannotMatch(pattern, text string) bool {
	start := expr.LiteralStart(pattern)
	return len(text) < len(start) || !strings.EqualFold(text[:len(start)], start)
}

// beyondReader is the reason where a regular expression cannot be compiled: Go
// has no look-around, back references, or possessive quantifiers of PCRE.
func beyondReader(pattern string) string {
	return fmt.Sprintf("the regular expression %s decides, which holds what this reader cannot match", pattern)
}

// changeTo takes over what a rule leads to.
func (r *rewriting) changeTo(text expansion, rule *rule) {
	target := text.certain(rule.target)
	if own, ok := r.withoutOwnHost(target); ok {
		target = own
	}
	absolute := isAbsoluteURI(target)
	if r.taken = absolute || rule.flags.has("P", "proxy") || rule.flags.has("R", "redirect"); r.taken {
		return
	}
	added := !strings.HasPrefix(target, "/")
	if added && r.folder != "" {
		target = r.folder + target
	} else if added {
		target = "/" + target
	}
	if rule.flags.has("DPI", "discardpath") {
		r.info = ""
	}
	target = r.splitQuery(target, rule.flags)
	if literal := strings.HasPrefix(rule.target, "//"); !added && !literal && !rule.flags.has("UNC", "UNC") {
		target = "/" + strings.TrimLeft(target, "/")
	}
	r.filename, r.changed = target, true
	r.passed = rule.flags.has("PT", "passthrough")
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
	https := strings.EqualFold(scheme, "https")
	if r.client.HTTPS != expr.TruthOf(https) {
		return "", false
	}
	authority, rest, _ := strings.Cut(rest, "/")
	host, port, named := strings.Cut(authority, ":")
	if !named {
		port = map[bool]string{false: "80", true: "443"}[https]
	}
	return "/" + rest, r.server.isCalled(host, port)
}

// isCalled tells whether a name and port are those of the server itself: of its
// <VirtualHost> line, or with the port of its ServerName
// (ap_matches_request_vhost).
func (s *Server) isCalled(host, port string) bool {
	for _, address := range s.Addresses {
		if strings.EqualFold(address.Host, host) && (address.Port == 0 || fmt.Sprint(address.Port) == port) {
			return true
		}
	}
	return fmt.Sprint(s.Port) == port && s.HasName(host)
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
		r.setVariable(value, text)
	}
}

// setVariable carries out NAME:VALUE or !NAME (add_env_to_list, do_expand_env).
func (r *rewriting) setVariable(assignment string, text expansion) {
	expanded, unknown := text.expand(assignment)
	name, value, hasValue := strings.Cut(expanded, ":")
	if unknown != nil {
		if name, _, hasValue = strings.Cut(assignment, ":"); !hasValue || strings.ContainsAny(name, "%$") || r.endless {
			r.isUnknown(unknown.By, unknown.Reason)
			return
		}
		r.ownVariables()[name] = expr.Value{Reason: unknown.Reason}
		return
	}
	if unset, ok := strings.CutPrefix(name, "!"); ok && !hasValue {
		delete(r.ownVariables(), unset)
		return
	}
	if r.spend(stepsOf(value), text.from) {
		r.ownVariables()[name] = expr.Value{Text: value}
	}
}

// ownVariables are those that the rules leave, which are the request's own from
// the first one on that is set.
func (r *rewriting) ownVariables() map[string]expr.Value {
	if !r.ownsEnv {
		r.environment, r.ownsEnv = r.own(), true
	}
	return r.variables
}

// endStatus is the status that a rule ends a request with, 0 for what a proxy
// answers.
func (r *rule) endStatus() int {
	switch {
	case r.flags.has("F", "forbidden"):
		return http.StatusForbidden
	case r.flags.has("G", "gone"):
		return http.StatusGone
	case r.flags.has("P", "proxy"):
		return 0
	}
	return wordStatus(r.flags.value("R", "redirect"))
}

// RewrittenAway is the RewriteRule that redirects or refuses a URL of the
// server, whatever else a client says, or nil.
func (s *Server) RewrittenAway(c Client) *conf.Directive {
	if !s.Config.Has("RewriteRule") || s.certainRules() == nil || s.Main != nil && s.Main.certainRules() == nil {
		return nil
	}
	r := run{server: s, client: c, work: &work{}, met: map[doubtKey]bool{}}
	q := question{run: &r, Request: conf.Request{URI: c.Path}}
	w := q.rewriteServer(q.earlySettings())
	if !w.taken || r.unknown != nil || len(r.doubts) > 0 {
		return nil
	}
	if slices.ContainsFunc(w.rule.conditions, condition.isAboutRequest) {
		return nil
	}
	return w.rule.Directive
}

// isAboutRequest tells whether a condition asks for something else than whether
// the connection is one of TLS, which the port of the server tells.
func (c condition) isAboutRequest() bool {
	switch strings.ToUpper(c.subject) {
	case "%{HTTPS}", "%{SERVER_PORT}", "%{REQUEST_SCHEME}":
		return false
	}
	return true
}
