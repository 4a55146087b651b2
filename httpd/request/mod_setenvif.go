package request

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// setEnvIf carries out the SetEnvIf of the server, which httpd does when it has
// read the request, as far as a plain GET decides them (mod_setenvif:
// match_headers).
func (q question) setEnvIf() question {
	for _, level := range q.run.server.levels() {
		for _, d := range level {
			if isSetEnvIf(d) && q.run.server.IsInEffect(d, q.assume) {
				q = q.setIf(d)
			}
		}
	}
	return q
}

// setEnvIfInside is setEnvIf for those of sections, once the file is known.
func (q question) setEnvIfInside(set *Settings) question {
	if q.isLookup {
		return q // the hook is not run for those
	}
	for layer := range set.outermost() {
		own := slices.DeleteFunc(slices.Collect(layer.Directives()), func(d *conf.Directive) bool { return !isSetEnvIf(d) })
		if len(own) == 0 || !set.applies(layer, q.assume) {
			continue
		}
		for _, d := range own {
			if set.holds(d, q.assume) {
				q = q.setIf(d)
			}
		}
	}
	return q
}

func isSetEnvIf(d *conf.Directive) bool {
	return (d.Is("SetEnvIf") || d.Is("SetEnvIfNoCase")) && len(d.Words()) > 2
}

// setIf sets the variables of one SetEnvIf that matches.
func (q question) setIf(d *conf.Directive) question {
	subject, known := q.attribute(d.Word(0))
	flags := ""
	if d.Is("SetEnvIfNoCase") {
		flags = "i"
	}
	compiled, err := q.run.server.Config.Regexp(d.Word(1), flags)
	if !known || err != nil {
		return q
	}
	at := compiled.FindStringSubmatchIndex(subject)
	if at == nil {
		return q
	}
	for _, word := range d.Words()[2:] {
		name, value, hasValue := strings.Cut(word, "=")
		switch variable, unset := strings.CutPrefix(name, "!"); {
		case unset:
			q = q.without(variable)
		case !hasValue:
			q = q.with(name, "1")
		default:
			if value, ok := Substitute(value, subject, at); ok {
				q = q.with(name, value)
			}
		}
	}
	return q
}

// attribute is the part of the request that a SetEnvIf looks at, and whether a
// plain GET tells it.
func (q question) attribute(name string) (text string, known bool) {
	switch {
	case strings.EqualFold(name, "Request_URI"):
		return q.URI, true
	case strings.EqualFold(name, "Host"):
		return q.run.client.hostHeader(), true
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
func isDecided(d *conf.Directive) bool {
	name := d.Word(0)
	return isPlainAttribute(name) || strings.EqualFold(name, "Request_URI") || strings.EqualFold(name, "Host")
}
