package request

import (
	"path"
	"strings"
)

// rewritten is what the RewriteRules of a server make of a request before
// anything else looks at it.
type rewritten struct {
	received        // with the URI that goes on to the aliases
	file     string // where a rule without PT sends it, past all aliases
	forced   forced
	rule     *rule // that did the last of this, or nil
	taken    bool  // it is a redirect, a refusal or a proxy
	status   int   // of these, 0 where a proxy answers
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
	w := rewritten{received: pass.received, rule: pass.taker(), forced: pass.forced, taken: pass.taken, status: pass.status()}
	if !pass.changed || pass.taken {
		return w
	}
	w.Query = pass.query
	if pass.passed {
		w.URI = pass.filename
	} else {
		w.file = pass.file(rules)
	}
	return w
}

// file is the file that rules without PT lead to: the path itself, or else one
// below DocumentRoot.
func (r *rewriting) file(set *ruleSet) string {
	if r.isPath(set) {
		return r.filename
	}
	file := path.Join(r.server.DocumentRoot(), r.filename)
	if strings.HasSuffix(r.filename, "/") {
		file += "/"
	}
	return file
}

// isPath tells whether a rule leads to a path: where its first folder is there and
// stands in the last rule that leads anywhere, the path begins with DocumentRoot,
// or any will do (prefix_stat). What the server's own name stood before is a URL.
func (r *rewriting) isPath(set *ruleSet) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(r.filename, "/"), "/")
	if first == "" || !r.server.Config.Exists("/"+first) || r.reduced && !set.has("legacyprefixdocroot") {
		return false
	}
	return set.has("unsafeprefixstat") || r.leading.flags.has("UnsafePrefixStat", "UnsafePrefixStat") ||
		strings.HasPrefix(r.leading.target, "/"+first) || strings.HasPrefix(r.filename, r.server.DocumentRoot())
}
