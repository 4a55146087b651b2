package request

import (
	"iter"
	"math"
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// conditions are the If, ElseIf and Else sections around a request. Few are
// decided at once. Of many those that may hold what is asked for are decided when
// it is asked for: thousands of applications may have thousands of them.
type conditions struct {
	layers []conf.Layer // of few: those that hold, or may
	many   *manyConditions
}

type manyConditions struct {
	around conf.Conditions
	facts  facts
}

// fewConditions are decided at once.
const fewConditions = 32

// maxConditions is how many of the sections that hold a directive are decided for
// a sample of a request, of which there is one for each application. Where there
// are more, which directive is in effect is not known. For a request of a client
// all are, as long as it takes no more steps than it may.
const maxConditions = 64

// decide are the sections with conditions around, by what the places make of the
// request (ap_if_walk).
func (set *Settings) decide(around conf.Conditions, f facts) conditions {
	count := around.Count()
	if count == 0 {
		return conditions{}
	}
	places := *set // without what is decided here
	f.Settings = &places
	if count <= fewConditions {
		return conditions{layers: slices.DeleteFunc(set.decided(around, f, math.MaxInt).Layers, set.isNever)}
	}
	return conditions{many: &manyConditions{around, f}}
}

// decided are those of the sections with conditions that may hold one of these
// names.
func (set *Settings) decided(around conf.Conditions, f facts, most int, names ...string) conf.Decided {
	decided := around.Decide(f, set.inside, most, names...)
	set.branch.spend((len(names)+decided.Count+decided.Bytes/64)*stepsOf(set.Request.URI), nil)
	return decided
}

// conditional are the layers of sections with conditions that may hold a
// directive of one of these names, outermost first. One of them stands for all
// that are too many to be decided, where there are such.
func (set *Settings) conditional(names []string) []conf.Layer {
	many := set.conditions.many
	switch {
	case many == nil:
		return set.conditions.layers
	case set.branch.isOver():
		return nil
	}
	most := math.MaxInt
	if set.branch == nil {
		most = maxConditions
	}
	decided := set.decided(many.around, many.facts, most, names...)
	layers := decided.Layers
	if decided.LeftAt >= 0 {
		tooMany := conf.Layer{Holds: expr.Unknown, Reason: Unknown{Kind: TooManyConditions}}
		layers = slices.Insert(layers, decided.LeftAt, tooMany)
	}
	return slices.DeleteFunc(layers, set.isNever)
}

// isCut tells the layer that stands for sections which are too many.
func isCut(layer conf.Layer) bool { return layer.Section == nil && layer.Htaccess == nil }

// outermost are all layers that may hold a directive of one of these names,
// outermost first.
func (set *Settings) outermost(names ...string) iter.Seq[conf.Layer] {
	return func(yield func(conf.Layer) bool) {
		set.lookAt(len(set.Layers))
		for _, layer := range set.Layers {
			if !yield(layer) {
				return
			}
		}
		for _, layer := range set.conditional(names) {
			if !yield(layer) {
				return
			}
		}
	}
}

// innermost are those of outermost, innermost first.
func (set *Settings) innermost(names ...string) iter.Seq[conf.Layer] {
	return func(yield func(conf.Layer) bool) {
		set.lookAt(len(set.Layers))
		for _, layer := range slices.Backward(set.conditional(names)) {
			if !yield(layer) {
				return
			}
		}
		for _, layer := range slices.Backward(set.Layers) {
			if !yield(layer) {
				return
			}
		}
	}
}
