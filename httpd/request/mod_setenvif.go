package request

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// ofSetEnvIf are the directives of mod_setenvif.
var ofSetEnvIf = []string{"SetEnvIf", "SetEnvIfNoCase", "SetEnvIfExpr", "BrowserMatch", "BrowserMatchNoCase"}

func isSetEnvIf(d *conf.Directive) bool { return slices.ContainsFunc(ofSetEnvIf, d.Is) }

// setEnvIf carries out those of the server, which httpd does when it has read
// the request, and before it looks at what is escaped in its URL (mod_setenvif:
// match_headers). A lookup has the variables of the request that it is for.
func (q received) setEnvIf() received {
	if q.isLookup() {
		return q
	}
	var found []*conf.Directive
	for _, level := range q.server.levels(ofSetEnvIf...) {
		for _, d := range level {
			if isSetEnvIf(d) && q.server.IsInEffect(d, q.assume) {
				found = append(found, d)
			}
		}
	}
	asked := q
	asked.URI = q.asked
	q.environment = asked.setAll(found, facts{Settings: asked.outerSettings()}).environment
	return q
}

// setEnvIfInside is setEnvIf for those of sections, once the file is known.
func (r located) setEnvIfInside() received {
	q, set := r.received, r.Settings
	if q.isLookup() {
		return q
	}
	var found []*conf.Directive
	for layer := range set.outermost(ofSetEnvIf...) {
		own := set.alikeIn(layer, isSetEnvIf)
		if len(own) == 0 || !set.applies(layer, q.assume) {
			continue
		}
		for _, d := range own {
			if set.holds(d, q.assume) {
				found = append(found, d)
			}
		}
	}
	return q.setAll(found, r.facts())
}

// setAll carries out directives one after the other, each with the variables of those
// before it.
func (q received) setAll(directives []*conf.Directive, f facts) received {
	if len(directives) == 0 {
		return q
	}
	q.environment = q.own()
	for _, d := range directives {
		if !q.spend(stepsOf(d.Args), d) {
			break
		}
		f.environment = q.environment
		q.setIf(d, f)
	}
	return q
}

// setIf sets the variables of one directive, where it matches. Where the request
// does not tell whether it does, their values are not known.
func (q received) setIf(d *conf.Directive, f facts) {
	words, skip := d.Words(), 1
	if d.Is("SetEnvIf") || d.Is("SetEnvIfNoCase") {
		skip = 2
	}
	if len(words) <= skip {
		return
	}
	var m envMatch
	if d.Is("SetEnvIfExpr") {
		m = q.matchExpression(words[0], f)
	} else {
		m = q.matchSetEnvIf(d)
	}
	if m.truth == expr.False {
		return
	}
	for _, word := range words[skip:] {
		q.assign(word, m)
	}
}

// envMatch is whether a directive of mod_setenvif matches, and what its groups catch
// in the text that it looks at.
type envMatch struct {
	truth       expr.Truth
	subject     string
	groups      []int
	isGroupless bool // they are those of another directive
}

// matchSetEnvIf is what an attribute of the request makes of a directive.
func (q received) matchSetEnvIf(d *conf.Directive) envMatch {
	attribute, pattern, flags := "User-Agent", d.Word(0), ""
	if d.Is("SetEnvIf") || d.Is("SetEnvIfNoCase") {
		attribute, pattern = d.Word(0), d.Word(1)
	}
	if d.Is("SetEnvIfNoCase") || d.Is("BrowserMatchNoCase") {
		flags = "i"
	}
	value := q.attribute(attribute)
	if value.Reason != nil {
		return envMatch{truth: expr.Unknown}
	}
	groups, matches := q.branch.match(d, pattern, flags, value.Text)
	return envMatch{truth: matches, subject: value.Text, groups: groups}
}

// matchExpression is what the expression of a SetEnvIfExpr says: the groups are those
// of its last match, and those of another directive where it has none
// (ap_expr_exec_re).
func (q received) matchExpression(text string, f facts) envMatch {
	expression, err := q.server.Config.Expression(text)
	if err != nil {
		return envMatch{truth: expr.Unknown}
	}
	f.query = q.Query
	decision := expression.Decide(f)
	if decision.Truth == expr.True && decision.GroupsReason != nil {
		return envMatch{truth: expr.Unknown}
	}
	m := envMatch{truth: decision.Truth, isGroupless: decision.Groups == nil}
	for _, group := range decision.Groups { // each by its place in all of them
		m.groups = append(m.groups, len(m.subject), len(m.subject)+len(group))
		m.subject += group
	}
	return m
}

// assign carries out NAME, NAME=VALUE or !NAME where a directive matches, or may.
func (q received) assign(word string, m envMatch) {
	name, template, hasValue := strings.Cut(word, "=")
	name, unset := strings.CutPrefix(name, "!")
	switch {
	case m.truth == expr.Unknown, m.isGroupless && strings.Contains(template, "$"):
		q.set(name, notKnown(RequestVariable, name))
	case unset:
		q.unset(name)
	case !hasValue:
		q.set(name, expr.Value{Text: "1"})
	default:
		value, ok := Substitute(template, m.subject, m.groups)
		if ok && q.spend(stepsOf(value), nil) {
			q.set(name, expr.Value{Text: value})
		}
	}
}

// attributes are the parts of a request by their names in SetEnvIf, in lower
// case, and in expressions.
var attributes = map[string]string{
	"request_uri": "REQUEST_URI", "request_method": "REQUEST_METHOD", "request_protocol": "SERVER_PROTOCOL",
	"remote_addr": "REMOTE_ADDR", "remote_host": "REMOTE_HOST", "server_addr": "SERVER_ADDR",
}

// attribute is the part of the request that a SetEnvIf looks at: one of these, a
// header that a plain GET tells, a variable that an earlier one has set, or another
// header.
func (q received) attribute(name string) expr.Value {
	f := facts{Settings: q.outerSettings()}
	if variable, ok := attributes[strings.ToLower(name)]; ok {
		return f.Variable(variable)
	}
	header := f.header(name)
	if value, ok := q.lookUp(name); ok && header.Reason != nil {
		return value
	}
	return header
}
