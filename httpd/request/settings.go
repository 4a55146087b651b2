package request

import (
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Settings are the directives that apply to a request at one point of its way.
type Settings struct {
	Server  *Server
	Request conf.Request
	Client  Client       // that sent it, or what a sample has of one
	Layers  []conf.Layer // sections for places and .htaccess files that apply, or may, outermost first

	run         *run            // on which they are asked; nil for a sample
	conditions  conditions      // sections with conditions, which are inside of all of these
	given       *conf.Condition // within which the question is asked
	inside      *conf.Directive // the section that is known to apply
	hasHtaccess bool
}

// Sample are the settings of a request as a directive has them that leads to
// something: by is known to be in effect, and the section that it stands in to
// apply. Sections for places that the request does not speak of do not count.
func (s *Server) Sample(q conf.Request, c Client, given *conf.Condition, by *conf.Directive) *Settings {
	set := &Settings{Server: s, Request: q, Client: c, given: given, inside: by}
	places, around, _ := s.SectionLayers(q)
	set.setPlaces(places)
	set.conditions = set.decide(around, facts{
		filename: known(q.File, fileNotKnown), info: expr.Value{Reason: infoNotKnown}, query: c.Query, environment: environment{isSample: true},
	})
	if slices.ContainsFunc(set.Layers, set.isElsewhere) {
		set.Layers = slices.DeleteFunc(slices.Clone(set.Layers), set.isElsewhere) // conditions are decided by all of them
	}
	return set
}

const (
	fileNotKnown = "which file the request leads to is not known"
	infoNotKnown = "what follows in the URL is not known"
)

// settings are those of a client's request.
func (r located) settings() *Settings {
	set := r.outerSettings()
	places, around, tried := r.server.SectionLayers(r.Request)
	set.run.spend(tried*stepsOf(r.Request.File)/sectionsOfStep, nil)
	set.setPlaces(places)
	set.conditions = set.decide(around, facts{
		filename: known(r.filename, fileNotKnown), info: expr.Value{Text: r.info}, query: r.Query, environment: r.environment, isLookup: r.isLookup,
	})
	return set
}

// earlySettings are those before the file of the request is known: of the
// server, and of Location and If sections.
func (q question) earlySettings() *Settings {
	set := q.outerSettings()
	places, around, tried := q.server.EarlyLayers(q.Request)
	set.run.spend(tried*stepsOf(q.URI)/sectionsOfStep, nil)
	set.setPlaces(places)
	set.conditions = set.decide(around, facts{query: q.Query, environment: q.environment, isLookup: q.isLookup})
	return set
}

// outerSettings are those of the server alone.
func (q question) outerSettings() *Settings {
	return &Settings{Server: q.server, Request: q.Request, Client: q.client, run: q.run, given: q.server.Given()}
}

func (set *Settings) setPlaces(places []conf.Layer) {
	set.Layers = slices.DeleteFunc(places, set.isNever)
	set.hasHtaccess = slices.ContainsFunc(set.Layers, func(layer conf.Layer) bool { return layer.Htaccess != nil })
}

func (set *Settings) isNever(layer conf.Layer) bool {
	return layer.Section != nil && set.Server.Httpd.IsNever(layer.Section)
}

// isElsewhere tells whether a section is for places that a sample does not speak
// of: they are samples of their own.
func (set *Settings) isElsewhere(layer conf.Layer) bool {
	section := layer.Section
	if section == nil || set.inside.IsWithin(section) {
		return false
	}
	switch section.Name {
	case "<Location", "<LocationMatch":
		return set.Request.URI == ""
	case "<Directory":
		return set.Request.File == "" && section.Word(0) != "/"
	case "<DirectoryMatch", "<Files", "<FilesMatch":
		return set.Request.File == ""
	}
	return false
}

// lookAt counts lines that are looked at.
func (set *Settings) lookAt(lines int) { set.run.spend(1+lines/linesOfStep, nil) }

// alikeIn are the directives of a layer that are alike.
func (set *Settings) alikeIn(layer conf.Layer, alike func(*conf.Directive) bool) (found []*conf.Directive) {
	lines := 0
	for d := range layer.Directives() {
		if lines++; alike(d) {
			found = append(found, d)
		}
	}
	set.lookAt(lines)
	return found
}

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
			if alike(d) && !isNever(d) && set.take(&c, d, true, "") {
				return c
			}
		}
	}
	c.Open = len(c.Candidates) > 0
	return c
}

// take adds a directive of a layer, of which the last ones come first. It tells
// whether the directive is certain, so that those before it do not count.
func (set *Settings) take(c *Choice, d *conf.Directive, applies bool, reason string) (isCertain bool) {
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
func (set *Settings) Applies(layer conf.Layer) (certain bool, reason string) {
	if layer.Holds == expr.True || layer.Section != nil && set.inside.IsWithin(layer.Section) {
		return true, ""
	}
	if isOfText(layer) && set.isCertain(layer.Section) {
		return true, ""
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
		own := set.alikeIn(layer, func(d *conf.Directive) bool { return d.Is(name) })
		if len(own) > 0 && set.applies(layer, assume) {
			add(own)
		}
	}
	return all
}

// Problem is why httpd refuses a .htaccess file on the way to the file, "" for
// none.
func (set *Settings) Problem() string {
	for _, layer := range set.Layers {
		if layer.Htaccess != nil && layer.Htaccess.Problem != "" && layer.Holds == expr.True {
			return layer.Htaccess.Problem
		}
	}
	return ""
}
