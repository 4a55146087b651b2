package request

import (
	"iter"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
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
// the first directive of it, nil where there is none; or what several say where
// AuthMerging has them count.
func (r located) required() (authorization, *conf.Directive) {
	set := r.Settings
	if r.setting("AuthMerging") != nil {
		merged := r.merged()
		return merged.says, merged.by
	}
	for layer := range set.innermost(requirementNames...) {
		required := set.requirements(layer.Children())
		if len(required) == 0 || !set.applies(layer, r.assume) {
			continue
		}
		required = slices.DeleteFunc(required, func(d *conf.Directive) bool { return !set.holds(d, r.assume) })
		if len(required) == 0 {
			continue
		}
		if !slices.ContainsFunc(required, set.isLimitedToGET) {
			return granted, required[0]
		}
		return r.anyOf(required, granted), required[0]
	}
	return granted, nil
}

// anyOf is what several Requires say of which one is enough (apply_authz_sections).
// others is what is taken for those that are about some clients: granted, so that it
// is told whether anybody is let in.
func (r located) anyOf(required []*conf.Directive, others authorization) authorization {
	all := neutral
	for _, d := range required {
		if r.Settings.isLimitedToGET(d) {
			all = max(all, r.authorizationOf(d, others))
		}
	}
	return all
}

// allOf is what several say that are all needed: what is neutral needs nothing.
func (r located) allOf(required []*conf.Directive, others authorization) authorization {
	all := neutral
	for _, d := range required {
		one := granted // also of what is for other methods alone
		if r.Settings.isLimitedToGET(d) {
			one = r.authorizationOf(d, others)
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
func (r located) authorizationOf(d *conf.Directive, others authorization) authorization {
	if !d.IsSection() {
		return r.authorizationBy(d, others)
	}
	inside := slices.DeleteFunc(r.Settings.requirements(d.Children()), func(d *conf.Directive) bool { return !r.Settings.holds(d, r.assume) })
	switch {
	case d.Is("<RequireAll"):
		return r.allOf(inside, others)
	case d.Is("<RequireNone"):
		return negated(r.anyOf(inside, denied))
	}
	return r.anyOf(inside, others)
}

// authorizationBy is what a single Require says.
func (r located) authorizationBy(d *conf.Directive, others authorization) authorization {
	first, rest := conf.Word(d.Args)
	switch {
	case first == "":
		return neutral
	case strings.EqualFold(first, "not") && rest != "":
		return negated(r.saysProvider(d, rest, denied))
	}
	return r.saysProvider(d, d.Args, others)
}

// saysProvider is what a text says that begins with the name of a provider.
func (r located) saysProvider(d *conf.Directive, text string, others authorization) authorization {
	name, rest := conf.Word(text)
	words := conf.Words(rest)
	var grants bool
	switch provider := strings.ToLower(name); {
	case provider == "all":
		grants = slices.ContainsFunc(words, func(word string) bool { return strings.EqualFold(word, "granted") })
	case provider == "method":
		grants = slices.Contains(words, "GET") || slices.Contains(words, "HEAD") // which have one number
	case provider == "env":
		grants = slices.ContainsFunc(words, func(word string) bool { return r.isSet(word, d) })
	case provider == "expr":
		return r.saysExpression(d, rest, others)
	case others == granted && asksForUser(provider):
		return grantedToUsers
	default:
		return others
	}
	return grantedIf(grants)
}

func grantedIf(grants bool) authorization {
	if grants {
		return granted
	}
	return denied
}

// saysExpression is what Require expr says. Where it is about the user and does not hold
// for nobody, the client is asked for one (expr_check_authorization).
func (r located) saysExpression(d *conf.Directive, text string, others authorization) authorization {
	text = strings.TrimSpace(text)
	if len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"' {
		text = text[1 : len(text)-1]
	}
	expression, err := r.server.Config.Expression(text)
	if err != nil {
		return grantedIf(r.assume(Doubt{By: d, Reason: expr.Beyond{Kind: expr.NotUnderstood, Subject: err.Error()}}))
	}
	decision := expression.Decide(r.facts())
	switch {
	case decision.Truth == expr.Unknown:
		return grantedIf(r.assume(Doubt{By: d, Reason: decision.Reason}))
	case decision.Truth == expr.False && strings.Contains(text, "REMOTE_USER") && others == granted:
		return grantedToUsers
	}
	return grantedIf(decision.Truth == expr.True)
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
