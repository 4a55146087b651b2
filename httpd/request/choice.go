package request

import (
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Choice are the directives that may be in effect for a setting of which the
// last one holds.
type Choice struct {
	Candidates []*conf.Directive // the likely one first
	Doubt      *Doubt            // why that may not be in effect; nil where it is, or there is none
	Open       bool              // none of them may be in effect
	Cut        bool              // there are more conditions than are decided: another one may be in effect
}

// IsNone tells that no such directive may be in effect.
func (c Choice) IsNone() bool { return len(c.Candidates) == 0 && !c.Cut }

// Alternatives are the directives that may be in effect, nil for none.
func (c Choice) Alternatives() []*conf.Directive {
	if len(c.Candidates) > 0 && !c.Open {
		return c.Candidates
	}
	return append(c.Candidates[:len(c.Candidates):len(c.Candidates)], nil)
}

// Likely is the directive that is in effect, or mostly is; nil for none.
func (c Choice) Likely() *conf.Directive {
	if len(c.Candidates) == 0 {
		return nil
	}
	return c.Candidates[0]
}

// Certain is the directive that is in effect; nil where there is none, or where
// that is in doubt.
func (c Choice) Certain() *conf.Directive {
	if c.Doubt != nil {
		return nil
	}
	return c.Likely()
}

// Pick finds the directive of that name that is in effect.
func (set *Settings) Pick(name string) Choice {
	if !set.hasHtaccess && !set.Server.Config.Has(name) {
		return Choice{} // as for most of the names that are asked for
	}
	return set.PickWhere(func(d *conf.Directive) bool { return d.Is(name) }, name)
}

// PickWhere finds the directive that is in effect among those of these names that
// are alike: the last one of the innermost layer.
func (set *Settings) PickWhere(alike func(*conf.Directive) bool, names ...string) Choice {
	var c Choice
	isNever := set.Server.Httpd.IsNever
	for layer := range set.innermost(names...) {
		if isCut(layer) {
			c.doubt(Doubt{Reason: layer.Reason})
			c.Cut = true
			continue
		}
		var room [4]*conf.Directive
		own, lines := room[:0], 0
		for d := range layer.Directives() {
			if lines++; alike(d) && !isNever(d) {
				own = append(own, d)
			}
		}
		set.lookAt(lines)
		if len(own) == 0 {
			continue
		}
		holds, reason := set.Applies(layer)
		for _, d := range slices.Backward(own) {
			if set.take(&c, d, holds, reason) {
				return c
			}
		}
	}
	for at := set.Server; at != nil; at = at.Main {
		for _, d := range slices.Backward(at.level(names...)) {
			if alike(d) && !isNever(d) && set.take(&c, d, true, nil) {
				return c
			}
		}
	}
	c.Open = len(c.Candidates) > 0
	return c
}

// take adds a directive of a layer, of which the last ones come first. It tells
// whether the directive is certain, so that those before it do not count.
func (set *Settings) take(c *Choice, d *conf.Directive, applies bool, reason expr.Reason) (isCertain bool) {
	c.Candidates = append(c.Candidates, d)
	if !applies {
		c.doubt(Doubt{By: d, Reason: reason})
		return false
	}
	doubt := set.Doubt(d)
	if doubt == nil {
		return true
	}
	c.doubt(*doubt)
	return false
}

// doubt notes the first doubt that is met.
func (c *Choice) doubt(d Doubt) {
	if c.Doubt == nil {
		c.Doubt = &d
	}
}
