package conf

// Decision is what an expression says of a request.
type Decision struct {
	Truth  Truth
	Reason string   // why Truth is Unknown
	Groups []string // what the last match with groups in its pattern caught: $0 and so on
}

// Decide evaluates an expression (ap_expr) of a directive such as RewriteCond
// for a request to the server. One that is not understood is Unknown.
func (s *Server) Decide(expression string, q Request) Decision {
	parsed, err := parseExpression(expression, s.Config.regexps)
	if err != nil {
		return Decision{Truth: Unknown, Reason: err.Error()}
	}
	e := evaluation{server: s, request: &q}
	result := parsed.decide(&e)
	return Decision{result.truth, result.reason, e.groups}
}
