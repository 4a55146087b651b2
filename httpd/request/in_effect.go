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
	if isOfText(layer) {
		return set.holds(layer.Section, assume)
	}
	return assume(Doubt{By: layer.Section, Reason: reason})
}

// holds tells whether a condition holds where the question is asked.
func (set *Settings) holds(d *conf.Directive, assume Assume) bool {
	return set.Server.Httpd.holds(d, set.given, assume)
}
