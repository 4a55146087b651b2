package audit

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// setEnvIf carries out the SetEnvIf of the server, which httpd does when it has
// read the request, as far as a plain GET decides them (mod_setenvif:
// match_headers).
func (q *question) setEnvIf() {
	for _, level := range q.scope.levels() {
		for _, d := range level {
			if undecided(d.Unknown, q.given) == nil {
				q.setIf(d)
			}
		}
	}
}

// setEnvIfInside is setEnvIf for those of sections, once the file is known.
func (q *question) setEnvIfInside() {
	if q.isLookup {
		return // the hook is not run for those
	}
	for _, layer := range q.layers() {
		certain, reason := q.holds(layer)
		for d := range layer.Directives() {
			switch {
			case !d.Is("SetEnvIf") && !d.Is("SetEnvIfNoCase"):
			case certain:
				q.setIf(d)
			default:
				q.wonder(d, reason)
			}
		}
	}
}

// setIf sets the variables of one SetEnvIf that matches.
func (q *question) setIf(d *httpdconf.Directive) {
	if !d.Is("SetEnvIf") && !d.Is("SetEnvIfNoCase") || len(d.Words()) < 3 {
		return
	}
	subject, known := q.attribute(d.Word(0))
	flags := ""
	if d.Is("SetEnvIfNoCase") {
		flags = "i"
	}
	compiled, err := q.view.Config.Regexp(d.Word(1), flags)
	if !known || err != nil {
		return
	}
	at := compiled.FindStringSubmatchIndex(subject)
	if at == nil {
		return
	}
	for _, word := range d.Words()[2:] {
		name, value, hasValue := strings.Cut(word, "=")
		switch variable, unset := strings.CutPrefix(name, "!"); {
		case unset:
			q.unsetVariable(variable)
		case !hasValue:
			q.setVariable(name, "1")
		default:
			if value, ok := substitute(value, subject, at); ok {
				q.setVariable(name, value)
			}
		}
	}
}

// attribute is the part of the request that a SetEnvIf looks at, and whether a
// plain GET tells it.
func (q *question) attribute(name string) (text string, known bool) {
	switch {
	case strings.EqualFold(name, "Request_URI"):
		return q.request.URI, true
	case strings.EqualFold(name, "Host"):
		return q.asked.hostHeader(), true
	case isPlainAttribute(name):
		return map[string]string{"request_method": "GET", "request_protocol": "HTTP/1.1"}[strings.ToLower(name)], true
	}
	text, known = q.variables[name]
	return text, known
}

// isPlainAttribute tells the parts that are the same for every plain GET.
func isPlainAttribute(name string) bool {
	return strings.EqualFold(name, "Request_Method") || strings.EqualFold(name, "Request_Protocol")
}

// isDecided tells whether a SetEnvIf looks at what every plain GET tells.
func isDecided(d *httpdconf.Directive) bool {
	name := d.Word(0)
	return isPlainAttribute(name) || strings.EqualFold(name, "Request_URI") || strings.EqualFold(name, "Host")
}
