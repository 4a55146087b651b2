package request

import (
	"path"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// rewritten is what the RewriteRules of a server make of a request before
// anything else looks at it.
type rewritten struct {
	received        // with the URI that goes on to the aliases
	file     string // where a rule without PT sends it, past all aliases
	handler  string // of [H=…]
	rule     *rule  // that did the last of this, or nil
	taken    bool   // it is a redirect, a refusal or a proxy
	status   int    // of these, 0 where a proxy answers
}

// rewriteServer carries out the rules of the server (hook_uri2file).
func (q received) rewriteServer(early *Settings) rewritten {
	if q.ended {
		return rewritten{received: q}
	}
	rules := q.serverRules(early)
	if len(rules.rules) == 0 {
		return rewritten{received: q}
	}
	pass := rewriting{received: q, early: early, filename: q.URI, query: q.Query}
	pass.apply(rules)
	w := rewritten{received: pass.received, rule: pass.rule, handler: pass.handler, taken: pass.taken, status: pass.status()}
	if !pass.changed || pass.taken {
		return w
	}
	w.Query = pass.query
	if pass.passed {
		w.URI = pass.filename
	} else {
		w.file = q.server.rewrittenFile(pass.filename, pass.rule.Directive)
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
