package request

import (
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// setting is the directive of that name that is in effect on one branch, or nil.
func (set *Settings) setting(name string, assume Assume) *conf.Directive {
	if !set.hasHtaccess && !set.Server.Config.Has(name) {
		return nil
	}
	return set.settingWhere(func(d *conf.Directive) bool { return d.Is(name) }, assume, name)
}

func (set *Settings) settingWhere(alike func(*conf.Directive) bool, assume Assume, names ...string) *conf.Directive {
	if d := set.own(alike, assume, names...); d != nil {
		return d
	}
	for at := set.Server; at != nil; at = at.Main {
		if d := set.lastOf(at.level(names...), alike, assume); d != nil {
			return d
		}
	}
	return nil
}

// lastOf is the last one that is alike and in effect.
func (set *Settings) lastOf(own []*conf.Directive, alike func(*conf.Directive) bool, assume Assume) *conf.Directive {
	for _, d := range slices.Backward(own) {
		if alike(d) && set.holds(d, assume) {
			return d
		}
	}
	return nil
}

// ownSettings are the directives of that name by the layer that they stand in,
// the outermost first.
func (set *Settings) ownSettings(name string, assume Assume) [][]*conf.Directive {
	var all [][]*conf.Directive
	add := func(own []*conf.Directive) {
		own = slices.DeleteFunc(slices.Clone(own), func(d *conf.Directive) bool { return !d.Is(name) || !set.holds(d, assume) })
		all = append(all, own)
	}
	for _, level := range set.Server.levels(name) {
		add(level)
	}
	for layer := range set.outermost(name) {
		if own := set.inLayer(layer, func(d *conf.Directive) bool { return d.Is(name) }, assume); len(own) > 0 {
			add(own)
		}
	}
	return all
}

// own is the directive in effect among those of these names that a section has for
// all that it is for, or nil.
func (set *Settings) own(alike func(*conf.Directive) bool, assume Assume, names ...string) *conf.Directive {
	for layer := range set.innermost(names...) {
		if d := set.lastOf(set.inLayer(layer, alike, assume), alike, assume); d != nil {
			return d
		}
	}
	return nil
}

// inLayer are the directives of a layer that are alike; none where it does not apply.
func (set *Settings) inLayer(layer conf.Layer, alike func(*conf.Directive) bool, assume Assume) []*conf.Directive {
	if isCut(layer) {
		assume(Doubt{Reason: layer.Reason, isOpen: true})
		return nil
	}
	if own := set.alikeIn(layer, alike); len(own) > 0 && set.applies(layer, assume) {
		return own
	}
	return nil
}
