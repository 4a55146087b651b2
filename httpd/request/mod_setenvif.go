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
	if q.isLookup {
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
	q.environment = asked.setAll(found).environment
	return q
}

// setEnvIfInside is setEnvIf for those of sections, once the file is known.
func (q received) setEnvIfInside(set *Settings) received {
	if q.isLookup {
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
	return q.setAll(found)
}

// setAll carries out directives one after the other.
func (q received) setAll(directives []*conf.Directive) received {
	if len(directives) == 0 {
		return q
	}
	q.environment = q.own()
	for _, d := range directives {
		if !q.spend(stepsOf(d.Args), d) {
			break
		}
		q.setIf(d)
	}
	return q
}

// setIf sets the variables of one directive, where it matches. Where the request
// does not tell whether it does, their values are not known.
func (q received) setIf(d *conf.Directive) {
	words, skip := d.Words(), 1
	if d.Is("SetEnvIf") || d.Is("SetEnvIfNoCase") {
		skip = 2
	}
	if len(words) <= skip {
		return
	}
	subject, groups, known := q.matchSetEnvIf(d)
	if known && groups == nil {
		return
	}
	for _, word := range words[skip:] {
		q.assign(word, subject, groups)
	}
}

// matchSetEnvIf is what a directive looks at, and what its groups catch there:
// nil where it does not match. known is false where the request does not tell.
func (q received) matchSetEnvIf(d *conf.Directive) (subject string, groups []int, known bool) {
	attribute, pattern, flags := "User-Agent", d.Word(0), ""
	switch {
	case d.Is("SetEnvIfExpr"):
		return "", nil, false
	case d.Is("SetEnvIf") || d.Is("SetEnvIfNoCase"):
		attribute, pattern = d.Word(0), d.Word(1)
	}
	if d.Is("SetEnvIfNoCase") || d.Is("BrowserMatchNoCase") {
		flags = "i"
	}
	value := q.attribute(attribute)
	if value.Reason != nil {
		return "", nil, false
	}
	groups, matches := q.branch.match(d, pattern, flags, value.Text)
	return value.Text, groups, matches != expr.Unknown
}

// assign carries out NAME, NAME=VALUE or !NAME with what the groups of a match in
// subject caught, or nil where it is not known whether it matches.
func (q received) assign(word, subject string, groups []int) {
	name, template, hasValue := strings.Cut(word, "=")
	name, unset := strings.CutPrefix(name, "!")
	switch {
	case groups == nil:
		q.set(name, notKnown(RequestVariable, name))
	case unset:
		q.unset(name)
	case !hasValue:
		q.set(name, expr.Value{Text: "1"})
	default:
		value, ok := Substitute(template, subject, groups)
		if ok && q.spend(stepsOf(value), nil) {
			q.set(name, expr.Value{Text: value})
		}
	}
}

// attributes are the parts of a request by their names in SetEnvIf, in lower
// case, and in expressions.
var attributes = map[string]string{
	"request_uri": "REQUEST_URI", "request_method": "REQUEST_METHOD", "request_protocol": "SERVER_PROTOCOL",
	"remote_addr": "REMOTE_ADDR", "remote_host": "REMOTE_HOST",
}

// attribute is the part of the request that a SetEnvIf looks at: one of these, a
// variable that an earlier one has set, or a header.
func (q received) attribute(name string) expr.Value {
	f := facts{Settings: q.outerSettings()}
	if variable, ok := attributes[strings.ToLower(name)]; ok {
		return f.Variable(variable)
	}
	if value, ok := q.lookUp(name); ok {
		return value
	}
	return f.header(name)
}
