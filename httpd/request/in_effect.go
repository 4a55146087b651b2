package request

import (
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Doubt is the innermost condition around a directive that is not known to hold
// where the question is asked, or nil.
func (set *Settings) Doubt(d *conf.Directive) *Doubt {
	for doubt := range set.Server.Httpd.Doubts(d, set.given) {
		return &doubt
	}
	return nil
}

// isCertain tells whether a directive is in effect for certain where the question
// is asked.
func (set *Settings) isCertain(d *conf.Directive) bool {
	return set.Server.Httpd.IsCertain(d, set.given)
}

// Applies tells whether a layer applies for certain, given where the question is
// asked.
func (set *Settings) Applies(layer conf.Layer) (certain bool, reason expr.Reason) {
	if layer.Holds == expr.True || layer.Section != nil && set.inside.IsWithin(layer.Section) {
		return true, nil
	}
	if isOfText(layer) && set.isCertain(layer.Section) {
		return true, nil
	}
	return false, layer.Reason
}

// isOfText tells whether it is a condition of the text that leaves a layer in
// doubt, and not the request.
func isOfText(layer conf.Layer) bool {
	s := layer.Section
	return s != nil && s.Unknown != nil && layer.Reason == s.Unknown.Reason
}

// applies is Applies on one branch.
func (set *Settings) applies(layer conf.Layer, assume Assume) bool {
	certain, reason := set.Applies(layer)
	if certain {
		return true
	}
	if layer.Section == nil {
		return assume(Doubt{Reason: reason})
	}
	if around := layer.Around; around != nil && !isOfServer(*around) && !set.applies(*around, assume) {
		return false
	}
	for before := layer.Before; before != nil; before = before.Before {
		if set.branch.spend(1, before.Section); set.appliesItself(*before, assume) {
			return false
		}
	}
	return set.appliesItself(layer, assume)
}

// isOfServer tells the layer of what stands outside the sections of a server, which is
// there where the server is.
func isOfServer(layer conf.Layer) bool { return layer.Section == nil && layer.Htaccess == nil }

// appliesItself is applies for a section where those apply that it stands in, and no
// alternative before it does.
func (set *Settings) appliesItself(layer conf.Layer, assume Assume) bool {
	if layer.Own != nil && !assume(Doubt{By: layer.Section, Reason: layer.Own}) {
		return false
	}
	return set.holds(layer.Section, assume)
}

// holds tells whether a condition holds where the question is asked.
func (set *Settings) holds(d *conf.Directive, assume Assume) bool {
	return set.Server.Httpd.holds(d, set.given, assume)
}
