package audit

import (
	"fmt"
	"iter"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// rule is a RewriteRule with the conditions above it.
type rule struct {
	*httpdconf.Directive
	conditions []*httpdconf.Directive
}

// ruleSet is what mod_rewrite's directives of one place say.
type ruleSet struct {
	any     bool // there are some
	rules   []rule
	maps    map[string]rewriteMap
	options []string // of RewriteOptions, in lower case
	base    string   // of RewriteBase
}

func readRules(directives iter.Seq[*httpdconf.Directive], given *httpdconf.Condition) ruleSet {
	set := ruleSet{maps: map[string]rewriteMap{}}
	var conditions []*httpdconf.Directive
	for d := range directives {
		if d.Is("RewriteMap") && !isNever(d.Unknown) {
			set.maps[d.Word(0)] = newRewriteMap(d)
		}
		if !strings.HasPrefix(d.Name, "Rewrite") || undecided(d.Unknown, given) != nil {
			continue
		}
		set.any = true
		switch d.Name {
		case "RewriteCond":
			conditions = append(conditions, d)
		case "RewriteRule":
			set.rules = append(set.rules, rule{d, conditions})
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

// serverRules are the rules of the server that are in effect. RewriteEngine may
// be On or Off in a Location too, and a virtual host that has nothing of
// mod_rewrite does without.
func (q *question) serverRules() []rule {
	if !isOn(q.early("RewriteEngine")) {
		return nil
	}
	if q.scope.main != nil && !readRules(slices.Values(q.scope.level), q.scope.given()).any {
		return nil
	}
	return q.serverRuleSet().rules
}

// serverRuleSet is what the server and the main server say outside of sections.
func (q *question) serverRuleSet() ruleSet {
	if q.serverSet == nil {
		set := readRules(slices.Values(q.scope.level), q.scope.given())
		if q.scope.main != nil {
			set = readRules(slices.Values(q.scope.main.level), nil).merge(set)
		}
		q.serverSet = &set
	}
	return *q.serverSet
}

// early is the directive of that name that is in effect before the file of the
// request is known: of the server, a Location or an If.
func (q *question) early(name string) *httpdconf.Directive {
	found := q.scope.last(name)
	for _, layer := range q.scope.server.Layers(q.request) {
		if layer.Holds != httpdconf.True || layer.IsServer() {
			continue
		}
		for d := range layer.Directives() {
			if d.Is(name) {
				found = d
			}
		}
	}
	return found
}

// folderRules are the rules of the innermost section or .htaccess file around
// the request that has any directive of mod_rewrite.
type folderRules struct {
	folder    string // of the section, with a slash at its end
	list      []rule
	base      string // of RewriteBase, "" for none
	slashless bool   // AllowNoSlash
}

// folderRules are those in effect for the request, nil for none.
func (q *question) folderRules() *folderRules {
	var set ruleSet
	folder := ""
	for _, layer := range q.layers() {
		own := readRules(layer.Directives(), q.given)
		if !own.any {
			continue
		}
		if certain, reason := q.holds(layer); !certain {
			q.wonder(layer.Section, reason)
			continue
		}
		set, folder = set.merge(own), folderOfLayer(layer)
	}
	if len(set.rules) == 0 || !isOn(q.setting("RewriteEngine")) {
		return nil
	}
	return &folderRules{folder, set.rules, set.base, set.has("allownoslash")}
}

// folderOfLayer is what httpd takes for the folder of a section: its argument.
func folderOfLayer(layer httpdconf.Layer) string {
	folder := ""
	if layer.File != nil {
		folder = path.Dir(layer.File.Name)
	} else if folder = layer.Section.Word(0); folder == "~" {
		folder = layer.Section.Word(1)
	}
	return strings.TrimSuffix(folder, "/") + "/"
}

// match matches the pattern of a rule, and gives what its groups caught.
func (r *rewriting) match(rule rule, subject string, flags flags) (groups []string, matches bool) {
	pattern, negated := strings.CutPrefix(rewriteWords(rule.Directive)[0], "!")
	compiled, err := r.view.Config.Regexp(pattern, flags.ofRegexp())
	if err != nil {
		r.wonder(rule.Directive, beyondReader(pattern))
		return nil, false
	}
	groups = compiled.FindStringSubmatch(subject)
	if matches = (groups != nil) != negated; negated {
		groups = nil
	}
	return groups, matches
}

// beyondReader is the reason where a regular expression cannot be compiled: Go
// has no look-around, back references, or possessive quantifiers of PCRE.
func beyondReader(pattern string) string {
	return fmt.Sprintf("the regular expression %s decides, which holds what this reader cannot match", pattern)
}

// flags are those of a RewriteRule or RewriteCond: [L,R=301].
type flags []string

func rewriteFlags(text string) flags {
	return strings.Split(strings.Trim(text, "[]"), ",")
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

// rewriteWords are the arguments of a RewriteRule or RewriteCond, which
// mod_rewrite parts in its own way: a backslash before a blank keeps it, and
// stays, and nothing is special between quotes (parseargline).
func rewriteWords(d *httpdconf.Directive) [3]string {
	var words [3]string
	rest := d.Args
	for i := range words {
		rest = strings.TrimLeft(rest, " \t")
		end := 0
		if rest != "" && (rest[0] == '"' || rest[0] == '\'') {
			quote := rest[0]
			rest = rest[1:]
			if end = strings.IndexByte(rest, quote); end < 0 {
				end = len(rest)
			}
			words[i], rest = rest[:end], rest[min(end+1, len(rest)):]
			continue
		}
		for end < len(rest) && rest[end] != ' ' && rest[end] != '\t' {
			if rest[end] == '\\' && end+1 < len(rest) && (rest[end+1] == ' ' || rest[end+1] == '\t') {
				end++
			}
			end++
		}
		words[i], rest = rest[:end], rest[end:]
	}
	return words
}
