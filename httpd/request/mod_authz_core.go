package request

import (
	"iter"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// DeniedBy is the "Require all denied" that keeps everybody from what is asked
// for, nil where none does for certain: the innermost section with any Require
// is the one that counts (mod_authz_core, AuthMerging Off).
func (set *Settings) DeniedBy() *conf.Directive {
	if !set.Pick("AuthMerging").IsNone() || !set.Pick("Satisfy").IsNone() {
		return nil
	}
	for layer := range set.innermost(requirementNames...) {
		denied, decides := set.denialIn(layer)
		if isCut(layer) {
			return nil
		}
		if !decides {
			continue
		}
		if certain, _ := set.Applies(layer); certain {
			return denied
		}
		return nil
	}
	return nil
}

// authorization is what Requires say of a request (authz_status).
type authorization int

const (
	neutral authorization = iota
	denied
	grantedToUsers // where the client tells one
	granted
)

// required is what the innermost section with any Require says on one branch, and
// the first directive of it; nil where there is none, or where AuthMerging has
// several sections count.
func (set *Settings) required(assume Assume) (authorization, *conf.Directive) {
	if set.setting("AuthMerging", assume) != nil {
		return granted, nil
	}
	for layer := range set.innermost(requirementNames...) {
		required := set.requirements(layer.Children())
		if len(required) == 0 || !set.applies(layer, assume) {
			continue
		}
		required = slices.DeleteFunc(required, func(d *conf.Directive) bool { return !set.holds(d, assume) })
		if len(required) == 0 {
			continue
		}
		if !slices.ContainsFunc(required, set.isLimitedToGET) {
			return granted, required[0]
		}
		return set.anyOf(required, granted, assume), required[0]
	}
	return granted, nil
}

// anyOf is what several Requires say of which one is enough (apply_authz_sections).
// others is what is taken for those that are about some clients: granted, so that it
// is told whether anybody is let in.
func (set *Settings) anyOf(required []*conf.Directive, others authorization, assume Assume) authorization {
	all := neutral
	for _, d := range required {
		if set.isLimitedToGET(d) {
			all = max(all, set.authorizationOf(d, others, assume))
		}
	}
	return all
}

// allOf is what several say that are all needed: what is neutral needs nothing.
func (set *Settings) allOf(required []*conf.Directive, others authorization, assume Assume) authorization {
	all := neutral
	for _, d := range required {
		one := granted // also of what is for other methods alone
		if set.isLimitedToGET(d) {
			one = set.authorizationOf(d, others, assume)
		}
		switch {
		case one == neutral:
		case all == neutral:
			all = one
		default:
			all = min(all, one)
		}
	}
	return all
}

// authorizationOf is what one Require, or section of them, says.
func (set *Settings) authorizationOf(d *conf.Directive, others authorization, assume Assume) authorization {
	if !d.IsSection() {
		return authorizationBy(d, others)
	}
	inside := slices.DeleteFunc(set.requirements(d.Children()), func(d *conf.Directive) bool { return !set.holds(d, assume) })
	switch {
	case d.Is("<RequireAll"):
		return set.allOf(inside, others, assume)
	case d.Is("<RequireNone"):
		return negated(set.anyOf(inside, denied, assume))
	}
	return set.anyOf(inside, others, assume)
}

// authorizationBy is what a single Require says.
func authorizationBy(d *conf.Directive, others authorization) authorization {
	words := d.Words()
	switch {
	case len(words) == 0:
		return neutral
	case strings.EqualFold(words[0], "not") && len(words) > 1:
		return negated(saysProvider(words[1:], denied))
	}
	return saysProvider(words, others)
}

// saysProvider is what the words say that begin with the name of a provider.
func saysProvider(words []string, others authorization) authorization {
	var grants bool
	switch provider := strings.ToLower(words[0]); {
	case provider == "all":
		grants = slices.ContainsFunc(words[1:], func(word string) bool { return strings.EqualFold(word, "granted") })
	case provider == "method":
		grants = slices.Contains(words[1:], "GET")
	case others == granted && asksForUser(provider):
		return grantedToUsers
	default:
		return others
	}
	if grants {
		return granted
	}
	return denied
}

func negated(a authorization) authorization {
	if a == granted {
		return denied
	}
	return neutral
}

// asksForUser tells the providers of Require that are about who the client is: those
// of httpd's own modules.
func asksForUser(provider string) bool {
	return slices.Contains([]string{"valid-user", "user", "group", "file-owner", "file-group", "dbm-group", "dbm-file-group", "dbd-group"}, provider) ||
		strings.HasPrefix(provider, "ldap-")
}

// isLimitedToGET tells whether a Require, or any in a section of them, is for GET.
func (set *Settings) isLimitedToGET(d *conf.Directive) bool {
	if !d.IsSection() {
		return isForGET(d)
	}
	for _, inside := range set.requirements(d.Children()) {
		if set.isLimitedToGET(inside) {
			return true
		}
	}
	return false
}

// requirementNames are Require, and its sections.
var requirementNames = []string{"Require", "<RequireAll", "<RequireAny", "<RequireNone"}

// requirements are the Requires directly in a layer or section, and the sections of
// them.
func (set *Settings) requirements(children iter.Seq[*conf.Directive]) (found []*conf.Directive) {
	lines := 0
	for d := range children {
		if lines++; slices.ContainsFunc(requirementNames, d.Is) {
			found = append(found, d)
		}
	}
	set.lookAt(lines)
	return found
}

// isForGET tells whether a directive is for GET too: the names of methods have
// case, and HEAD is one with GET (ap_limit_section).
func isForGET(d *conf.Directive) bool {
	for section := d.Parent; section != nil; section = section.Parent {
		if section.Is("<Limit") || section.Is("<LimitExcept") {
			named := slices.Contains(section.Words(), "GET") || slices.Contains(section.Words(), "HEAD")
			return named == section.Is("<Limit")
		}
	}
	return true
}

func deniesAll(d *conf.Directive) bool { return d.Is("Require") && RequiresAll(d, "denied") }

// IsGranted tells whether any section around what is asked for has a Require, or
// may.
func (set *Settings) IsGranted() bool {
	for layer := range set.outermost(requirementNames...) {
		if len(set.requirements(layer.Children())) > 0 || isCut(layer) {
			return true
		}
	}
	return false
}

// denialIn tells whether a layer decides who gets in, and by which directive
// nobody does.
func (set *Settings) denialIn(layer conf.Layer) (denied *conf.Directive, decides bool) {
	grants := false
	for _, d := range set.requirements(layer.Children()) {
		decides = true
		switch {
		case !set.isCertain(d):
			return nil, true
		case !isForGET(d):
		case !deniesAll(d):
			grants = true
		case denied == nil:
			denied = d
		}
	}
	if grants {
		return nil, true
	}
	return denied, decides
}

// RequiresAll tells whether a Require is "all granted" or "all denied".
func RequiresAll(d *conf.Directive, what string) bool {
	first, rest := conf.Word(d.Args)
	if !strings.EqualFold(first, "all") {
		return false
	}
	second, _ := conf.Word(rest)
	return strings.EqualFold(second, what)
}
