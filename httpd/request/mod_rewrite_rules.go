package request

import (
	"maps"
	"path"
	"slices"
	"strconv"
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
	any     bool // there are some
	rules   []rule
	maps    map[string]rewriteMap
	options []string           // of RewriteOptions, in lower case
	base    string             // of RewriteBase
	index   *expr.LiteralIndex // of many rules; nil for few
}

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

// merge is what holds where inner stands inside of s (config_server_merge,
// config_perdir_merge).
func (s ruleSet) merge(inner ruleSet) ruleSet {
	if !inner.any {
		return s
	}
	merged := inner
	if len(inner.options) == 0 {
		merged.options = s.options
	}
	if merged.base == "" && merged.has("mergebase") {
		merged.base = s.base
	}
	down := func(option string) bool { return slices.Contains(s.options, option) && !merged.has("ignoreinherit") }
	switch {
	case merged.has("inherit") || down("inheritdown"):
		merged.rules = slices.Concat(inner.rules, s.rules)
		merged.maps = overlay(inner.maps, s.maps)
	case merged.has("inheritbefore") || down("inheritdownbefore"):
		merged.rules = slices.Concat(s.rules, inner.rules)
		merged.maps = overlay(s.maps, inner.maps)
	}
	return merged
}

// overlay are the maps of both, those of over where both have one of a name.
func overlay(over, under map[string]rewriteMap) map[string]rewriteMap {
	both := maps.Clone(under)
	maps.Copy(both, over)
	return both
}

func (s ruleSet) has(option string) bool { return slices.Contains(s.options, option) }

// certainRules are those that the server has outside of sections, parsed once;
// nil where some may not be in effect.
func (s *Server) certainRules() *ruleSet {
	s.rulesOnce.Do(func() {
		doubtful := false
		rules := readRules(s.Config, s.level(ofRewrite...), func(d *conf.Directive) bool {
			return s.IsInEffect(d, func(Doubt) bool { doubtful = true; return true })
		})
		if !doubtful {
			s.rules = &rules
		}
	})
	return s.rules
}

// ownRules are those that the server has outside of sections.
func (s *Server) ownRules(assume Assume) ruleSet {
	if certain := s.certainRules(); certain != nil {
		return *certain
	}
	return readRules(s.Config, s.level(ofRewrite...), func(d *conf.Directive) bool { return s.IsInEffect(d, assume) })
}

// allRules are those of the server and of the main server, put together once
// where all are in effect for certain.
func (s *Server) allRules(assume Assume) *ruleSet {
	s.mergedOnce.Do(func() {
		if own := s.certainRules(); own != nil && (s.Main == nil || s.Main.certainRules() != nil) {
			s.merged = s.mergedRules(Certainly)
			s.merged.index = newRuleIndex(s.merged.rules, s.Config)
		}
	})
	if s.merged != nil {
		return s.merged
	}
	return s.mergedRules(assume)
}

func (s *Server) mergedRules(assume Assume) *ruleSet {
	rules := s.ownRules(assume)
	if s.Main != nil {
		rules = s.Main.ownRules(assume).merge(rules)
	}
	return &rules
}

// serverRules are the rules of the server that are in effect. RewriteEngine may
// be On or Off in a Location too, and a virtual host that has nothing of
// mod_rewrite does without.
func (q question) serverRules(early *Settings) *ruleSet {
	if !q.server.Config.Has("RewriteRule") || !early.setting("RewriteEngine", q.assume).IsOn() {
		return &ruleSet{}
	}
	if q.server.Main != nil && !q.server.ownRules(q.assume).any {
		return &ruleSet{}
	}
	return q.server.allRules(q.assume)
}

// folderRules are the rules of the innermost section or .htaccess file around
// the request that has any directive of mod_rewrite.
type folderRules struct {
	ruleSet
	folder string // of the section, with a slash at its end
}

// folderRules are those in effect for the request, nil for none.
func (r located) folderRules() *folderRules {
	var set ruleSet
	folder := ""
	for layer := range r.Settings.outermost(ofRewrite...) {
		directives := slices.DeleteFunc(slices.Collect(layer.Directives()), func(d *conf.Directive) bool { return !isOfRewrite(d) })
		if len(directives) == 0 || !r.Settings.applies(layer, r.assume) {
			continue
		}
		own := readRules(r.server.Config, directives, func(d *conf.Directive) bool { return r.Settings.holds(d, r.assume) })
		if own.any {
			set, folder = set.merge(own), folderOfLayer(layer)
		}
	}
	if len(set.rules) == 0 || !r.setting("RewriteEngine").IsOn() {
		return nil
	}
	return &folderRules{set, folder}
}

// folderOfLayer is what httpd takes for the folder of a section: its argument.
func folderOfLayer(layer conf.Layer) string {
	folder := ""
	if layer.Htaccess != nil {
		folder = path.Dir(layer.Htaccess.File.Name)
	} else if folder = layer.Section.Word(0); folder == "~" {
		folder = layer.Section.Word(1)
	}
	return strings.TrimSuffix(folder, "/") + "/"
}

// flags are those of a RewriteRule or RewriteCond: [L,R=301].
type flags []string

func parseFlags(text string) flags {
	return strings.Split(strings.Trim(text, "[]"), ",")
}

// RuleHandler is the handler that a RewriteRule [H=…] gives, or "".
func RuleHandler(d *conf.Directive) string {
	return parseFlags(d.Word(2)).value("H", "handler")
}

// has tells whether a flag is there, by its short or long name.
func (f flags) has(short, long string) bool {
	for _, flag := range f {
		name, _, _ := strings.Cut(strings.TrimSpace(flag), "=")
		if strings.EqualFold(name, short) || strings.EqualFold(name, long) {
			return true
		}
	}
	return false
}

// ofRegexp are the flags of the regular expression.
func (f flags) ofRegexp() string {
	if f.has("NC", "nocase") {
		return "i"
	}
	return ""
}

// value is what follows the "=" of a flag.
func (f flags) value(short, long string) string {
	for _, flag := range f {
		name, value, _ := strings.Cut(strings.TrimSpace(flag), "=")
		if strings.EqualFold(name, short) || strings.EqualFold(name, long) {
			return value
		}
	}
	return ""
}

// number is value as a number, 0 for none.
func (f flags) number(short, long string) int {
	n, _ := strconv.Atoi(f.value(short, long))
	return n
}

// isStatus tells an R with a status that is no redirect.
func (f flags) isStatus() bool {
	n := f.number("R", "redirect")
	return n != 0 && (n < 300 || n > 399)
}

// rewriteWords are the three arguments of a RewriteRule or RewriteCond, "" for
// what is not there.
func rewriteWords(d *conf.Directive) [3]string {
	var words [3]string
	copy(words[:], conf.RewriteWords(d.Args))
	return words
}
