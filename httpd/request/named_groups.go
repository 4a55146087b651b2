package request

import (
	"regexp"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// matchPrefix stands before the names of groups, in capitals (ap_regname).
const matchPrefix = "MATCH_"

// namedGroup finds the names in an expression that is not matched here.
var namedGroup = regexp.MustCompile(`\(\?P?[<'](\w+)[>']`)

// nameGroups sets the variables that <LocationMatch>, <DirectoryMatch> and
// <FilesMatch> make of the named groups of their expressions, as they are found to
// apply (ap_location_walk, ap_directory_walk, ap_file_walk).
func (q received) nameGroups(set *Settings, counts func(*conf.Directive) bool) received {
	isOwn := false
	for _, layer := range set.Layers {
		pattern, text, ok := layer.Regexp(q.Request)
		if !ok || !counts(layer.Section) || !set.applies(layer, q.assume) {
			continue
		}
		if !isOwn {
			q.environment, isOwn = q.own(), true
		}
		q.setGroups(layer.Section, pattern, text)
	}
	return q
}

// setGroups sets the variables of the expression of one section: of those groups
// that took part in the match. Where it is not known whether there is one, neither
// are their values.
func (q received) setGroups(section *conf.Directive, pattern, text string) {
	groups, matches := q.branch.match(section, pattern, "", text)
	if matches == expr.Unknown {
		for _, found := range namedGroup.FindAllStringSubmatch(pattern, -1) {
			name := matchPrefix + strings.ToUpper(found[1])
			q.set(name, notKnown(RequestVariable, name))
		}
		return
	}
	compiled, err := q.server.Config.Regexp(pattern, "")
	if err != nil || groups == nil {
		return
	}
	for i, name := range compiled.Names() {
		if name != "" && groups[2*i] >= 0 {
			q.set(matchPrefix+strings.ToUpper(name), expr.Value{Text: text[groups[2*i]:groups[2*i+1]]})
		}
	}
}

func isNoLocation(d *conf.Directive) bool { return !isLocation(d) }
