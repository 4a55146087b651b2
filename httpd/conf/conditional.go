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

func (w *walker) conditions() Conditions { return Conditions{w.server, w.request.URI, w.ifs} }

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
	layers, _ := c.LayersWith(variables, nil, math.MaxInt)
	return layers
}

// Left tells which sections with conditions LayersWith has left undecided.
type Left int

// Those that are decided take precedence over all that are left, but for those
// inside of what is left.
const (
	NoneLeft Left = iota
	OuterLeft
	InnerLeft // there are some inside of those that are left
)

// LayersWith are those of Layers that may hold a directive of one of these names,
// all for none. No more than the last most of them, and of those inside of
// these, are decided, and the one around inside, which may be nil.
func (c Conditions) LayersWith(variables expr.Variables, inside *Directive, most int, names ...string) ([]Layer, Left) {
	d := decider{walker: walker{server: c.server, ifs: c.ifs}, variables: variables, uri: c.uri, names: names, kept: inside, most: most}
	for len(d.ifs) > 0 {
		around := d.ifs
		d.ifs = nil
		d.alternatives(d.choose(around))
		if d.server.Config.ReleaseAtLeast(26) == expr.False {
			break
		}
	}
	return d.layers, d.left
}

// decider decides sections with conditions.
type decider struct {
	walker
	variables expr.Variables
	uri       string
	names     []string
	kept      *Directive
	most      int
	left      Left
}

// choose are the sections to decide.
func (d *decider) choose(around []conditional) []*section {
	var chosen []*section
	for _, at := range slices.Backward(around) {
		own := at.inside.withConditions(d.uri, d.names)
		if room := d.most - len(chosen); len(own) > room {
			own = d.cut(own, room)
		}
		if at.layer.Holds != expr.True {
			d.around(at.layer, own)
		}
		chosen = slices.Concat(own, chosen)
	}
	return chosen
}

// cut are the last ones of a list, and before them those that the one around
// kept is an alternative of.
func (d *decider) cut(list []*section, room int) []*section {
	last := lastAlternatives(list, room)
	left := list[:len(list)-len(last)]
	d.left = max(d.left, OuterLeft)
	if slices.ContainsFunc(left, func(s *section) bool { return len(s.inside.conditions) > 0 }) {
		d.left = InnerLeft
	}
	at := slices.IndexFunc(left, func(s *section) bool { return d.kept.IsWithin(s.Directive) })
	if at < 0 {
		return last
	}
	from, to := at, at+1
	for from > 0 && !left[from].Is("<If") {
		from--
	}
	for to < len(left) && !left[to].Is("<If") {
		to++
	}
	return slices.Concat(left[from:to], last)
}

// lastAlternatives are at most so many of the last sections of a list: no ElseIf
// without its If.
func lastAlternatives(list []*section, most int) []*section {
	list = list[len(list)-max(most, 0):]
	first := slices.IndexFunc(list, func(s *section) bool { return s.Is("<If") })
	if first < 0 {
		return nil
	}
	return list[first:]
}

// alternatives decides a list of If, ElseIf and Else; prior is what is known of
// those before of which one applies at most: True when one held.
func (d *decider) alternatives(list []*section) {
	prior := expr.False
	for _, s := range list {
		if s.Is("<If") {
			prior = expr.False
		}
		holds, reason := s.decide(d.variables)
		own := holds.And(prior.Not())
		if own == expr.Unknown && reason == "" {
			reason = "it depends on the conditions before it"
		}
		prior = prior.Or(holds)
		d.apply(s, own, reason)
	}
}
