package request

import (
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// fewRules are tried one after the other.
const fewRules = 16

// newRuleIndex finds rules by what their patterns need. A rule that is part of a
// chain is always tried, and so is one that is about what does not match.
func newRuleIndex(rules []rule, config *conf.Config) *expr.LiteralIndex {
	if len(rules) <= fewRules {
		return nil
	}
	var index expr.LiteralIndex
	chained := false
	for i, r := range rules {
		needed := ""
		starts := r.flags.has("C", "chain")
		if !starts && !chained && !r.negated {
			needed = config.NeededBy(r.pattern, r.flags.ofRegexp())
		}
		index.Add(i, needed)
		chained = starts
	}
	return &index
}
