package request

import (
	"path"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
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
