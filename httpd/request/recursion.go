package request

import "github.com/wsgictl/wsgictl/httpd/expr"

// mostRecursion is how many internal redirects a request may go through, and how many
// lookups may be within each other, where nothing is said of it
// (AP_DEFAULT_MAX_INTERNAL_REDIRECTS, AP_DEFAULT_MAX_SUBREQ_DEPTH).
const mostRecursion = 10

// mostRecursion is a number of LimitInternalRecursion: the first one counts for both
// where it has one alone (set_recursion_limit).
func (s *Server) mostRecursion(number int) int {
	d := s.Last("LimitInternalRecursion")
	if d == nil {
		return mostRecursion
	}
	return int(expr.LeadingNumber(d.Word(min(number, len(d.Words())-1))))
}

// isAtEnd tells whether a request goes through no more internal redirects.
func (q received) isAtEnd() bool { return q.server.isTooMuch(q.redirects, q.lookups) }

// isTooMuch tells whether a request that has gone through so many redirects, within so
// many lookups, goes through no more of either (ap_is_recursion_limit_exceeded).
func (s *Server) isTooMuch(redirects, lookups int) bool {
	return redirects >= s.mostRecursion(0) || lookups >= s.mostRecursion(1)
}
