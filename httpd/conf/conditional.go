package conf

import (
	"math"
	"slices"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Conditions are the If, ElseIf and Else sections around a request that are not
// decided yet.
type Conditions struct {
	server *Server
	uri    string // of the request
	ifs    []conditional
}

// conditional are the sections with conditions in a layer.
type conditional struct {
	inside *sections
	layer  Layer
}

func (w *walker) conditions() Conditions {
	uri := w.request.URI
	if w.request.Extent != One {
		uri = "" // a condition may ask for what follows
	}
	return Conditions{w.server, uri, w.ifs}
}

// Count is how many there are, those inside of others not counted.
func (c Conditions) Count() (count int) {
	for _, at := range c.ifs {
		count += len(at.inside.conditions)
	}
	return count
}

// Layers are those that hold for a request with these variables, or may: one
// after another, and after all of them those inside of those that hold
// (ap_if_walk_sub), which httpd passes over before 2.4.26.
func (c Conditions) Layers(variables expr.Variables) []Layer {
	return c.Decide(variables, nil, math.MaxInt).Layers
}

// Decided is what was decided of sections with conditions.
type Decided struct {
	Layers []Layer // those that hold, or may
	// LeftAt is where others belong that were left undecided: before the layer of
	// that number, which takes precedence over all of them. It is -1 where none
	// were.
	LeftAt int
	Count  int // of the conditions that were decided
	Bytes  int // of their texts
}

// Decide gives those of Layers that may hold a directive of one of these names,
// all for none. No more than the last most of them, and of those inside of
// these, are decided, and the one around inside, which may be nil.
func (c Conditions) Decide(variables expr.Variables, inside *Directive, most int, names ...string) Decided {
	d := decider{walker: walker{server: c.server, ifs: c.ifs}, variables: variables, uri: c.uri, names: names, inside: inside, most: most}
	d.decided.LeftAt = -1
	for len(d.ifs) > 0 {
		around := d.ifs
		d.ifs = nil
		d.decideLast(around)
		if d.server.Config.ReleaseAtLeast(26) == expr.False {
			break
		}
	}
	if d.decided.Layers = d.layers; d.innerLeft {
		d.decided.LeftAt = len(d.layers)
	}
	return d.decided
}

// decider decides sections with conditions.
type decider struct {
	walker
	variables expr.Variables
	uri       string
	names     []string
	inside    *Directive
	most      int
	decided   Decided
	innerLeft bool // there are others inside of those that are left
}

// decideLast decides as many of the sections in layers as there is room for: the
// last ones.
func (d *decider) decideLast(around []conditional) {
	var lists [][]*section
	var kept []*section // those that inside is in, of all that are left
	room, isLeft := d.most, false
	for _, at := range slices.Backward(around) {
		own, keptHere, isCut := d.last(at.inside, room)
		if at.layer.Holds != expr.True {
			d.around(at.layer, own)
			d.around(at.layer, keptHere)
		}
		if lists = append(lists, own); len(keptHere) > 0 {
			kept = keptHere
		}
		if room -= len(own); isCut {
			room, isLeft = 0, true
		}
	}
	d.decide(kept)
	if isLeft {
		d.decided.LeftAt = len(d.layers)
	}
	slices.Reverse(lists)
	d.decide(slices.Concat(lists...))
}

// last are those of the sections in a layer that may hold what is asked for: of
// more than there is room for the last ones. Of those that are left, kept are the
// ones that inside is in.
func (d *decider) last(inside *sections, room int) (own, kept []*section, isCut bool) {
	switch x := inside.byName; {
	case x != nil && len(d.names) > 0:
		list, innerLeft := x.last(d.uri, d.names, room, d.inside)
		d.innerLeft = d.innerLeft || innerLeft
		return d.cut(list, room)
	case len(inside.conditions) <= room:
		return inside.conditions, nil, false
	}
	return d.cut(alternativesIn(inside.conditions), room)
}

// cut parts a list into the last ones, for which there is room, and what is left.
func (d *decider) cut(list []alternatives, room int) (own, kept []*section, isCut bool) {
	from := len(list)
	for from > 0 && len(list[from-1]) <= room {
		from--
		room -= len(list[from])
	}
	left := list[:from]
	d.innerLeft = d.innerLeft || slices.ContainsFunc(left, alternatives.haveInner)
	if at := slices.IndexFunc(left, func(a alternatives) bool { return a.areAround(d.inside) }); at >= 0 {
		kept = left[at]
	}
	return slices.Concat(list[from:]...), kept, len(left) > 0
}

// decide decides sections; prior is what is known of the alternatives before one,
// of which one applies at most: True when one held.
func (d *decider) decide(list []*section) {
	prior, given := expr.False, d.givenIn(list)
	var before *Layer
	for n, s := range list {
		if s.Is("<If") {
			prior, before = expr.False, nil
		}
		d.decided.Count++
		d.decided.Bytes += len(s.Args)
		holds, reason := s.decide(d.variables)
		l := Layer{Holds: holds.And(prior.Not()), Reason: reason, Own: reason, Before: before}
		if l.Holds == expr.Unknown && reason == nil {
			l.Reason = Undecided{Kind: ConditionsBefore}
		}
		prior = prior.Or(holds)
		if holds == expr.Unknown {
			before = &l
		}
		if n == given.number || n < given.from || n >= given.to {
			d.place(s, &l)
		}
	}
}

// given are alternatives of which one is known to apply: none of the others does.
type given struct{ from, number, to int }

// givenIn are those in a list that inside is in one of.
func (d *decider) givenIn(list []*section) given {
	number := slices.IndexFunc(list, func(s *section) bool { return d.inside.IsWithin(s.Directive) })
	if number < 0 {
		return given{}
	}
	g := given{number, number, number + 1}
	for g.from > 0 && !list[g.from].Is("<If") {
		g.from--
	}
	for g.to < len(list) && !list[g.to].Is("<If") {
		g.to++
	}
	return g
}
