package request

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// Samples counts the steps that samples of requests take together, such as those
// of each application. The zero value is none so far.
type Samples struct{ steps int }

// maxSampled is how many these are: those of four requests of a client. What
// becomes of more samples is not known.
const maxSampled = 4 * maxSteps

// RewrittenAway is the RewriteRule that redirects or refuses a URI of the
// server, whatever else a client says, or nil: also where the samples have taken
// too many steps.
func (s *Server) RewrittenAway(c Client, samples *Samples) *conf.Directive {
	if !s.Config.Has("RewriteRule") || s.certainRules() == nil || s.Main != nil && s.Main.certainRules() == nil || samples.steps > maxSampled {
		return nil
	}
	b := branch{server: s, client: c}
	defer func() { samples.steps += b.steps }()
	q := received{branch: &b, Request: conf.Request{URI: c.Path}}
	q, early := q.earlySettings()
	w := q.rewriteServer(early)
	if !w.taken || b.unknown != nil || len(b.doubts) > 0 {
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
