package request

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// rule is a RewriteRule with the conditions above it.
type rule struct {
	*conf.Directive
	pattern    string
	negated    bool
	target     string
	flags      flags
	conditions []condition
	steps      int // of trying it on a short text
}

// condition is a RewriteCond.
type condition struct {
	*conf.Directive
	subject string
	pattern string
	negated bool
	flags   flags

	expression *expr.Expression // of one with "expr"
	problem    string           // why that is not understood
}

// ruleSet is what mod_rewrite's directives of one place say.
type ruleSet struct {
	any     bool // there are some, or the place has an empty one of its own
	rules   []rule
	maps    map[string]rewriteMap
	options []string           // of RewriteOptions, in lower case
	base    string             // of RewriteBase
	index   *expr.LiteralIndex // of many rules; nil for few
}

// readRules reads those of the directives that hold.
func readRules(config *conf.Config, directives []*conf.Directive, holds func(*conf.Directive) bool) ruleSet {
	set := ruleSet{maps: map[string]rewriteMap{}}
	var conditions []condition
	for _, d := range directives {
		if !isOfRewrite(d) || !holds(d) {
			continue
		}
		set.any = true
		switch d.Name {
		case "RewriteMap":
			set.maps[d.Word(0)] = newRewriteMap(d)
		case "RewriteCond":
			conditions = append(conditions, newCondition(config, d))
		case "RewriteRule":
			set.rules = append(set.rules, newRule(d, conditions))
			conditions = nil
		case "RewriteBase":
			set.base = d.Word(0)
		case "RewriteOptions":
			for _, word := range d.Words() {
				set.options = append(set.options, strings.ToLower(word))
			}
		}
	}
	return set
}

// ofRewrite are the directives of mod_rewrite.
var ofRewrite = []string{"RewriteEngine", "RewriteOptions", "RewriteBase", "RewriteMap", "RewriteCond", "RewriteRule"}

func isOfRewrite(d *conf.Directive) bool { return strings.HasPrefix(d.Name, "Rewrite") }

func newRule(d *conf.Directive, conditions []condition) rule {
	words := rewriteWords(d)
	r := rule{Directive: d, target: words[1], flags: parseFlags(words[2]), conditions: conditions}
	r.pattern, r.negated = strings.CutPrefix(words[0], "!")
	r.steps = stepsOf(d.Args)
	for _, c := range conditions {
		r.steps += stepsOf(c.Args)
	}
	return r
}

func newCondition(config *conf.Config, d *conf.Directive) condition {
	words := rewriteWords(d)
	c := condition{Directive: d, subject: words[0], flags: parseFlags(words[2])}
	c.pattern, c.negated = strings.CutPrefix(words[1], "!")
	if strings.EqualFold(c.subject, "expr") {
		var err error
		if c.expression, err = config.Expression(c.pattern); err != nil {
			c.problem = err.Error()
		}
	}
	return c
}

func (s ruleSet) has(option string) bool { return slices.Contains(s.options, option) }

// rewriteWords are the three arguments of a RewriteRule or RewriteCond, "" for
// what is not there.
func rewriteWords(d *conf.Directive) [3]string {
	var words [3]string
	copy(words[:], conf.RewriteWords(d.Args))
	return words
}
