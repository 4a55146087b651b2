package request

import (
	"fmt"
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
	most   int // of them are decided for one name
}

// fewConditions are decided at once.
const fewConditions = 32

// maxConditions is how many of the sections that hold a directive are decided for
// a sample of a request, of which there is one for each application. Where there
// are more, which directive is in effect is not known.
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
		return conditions{layers: slices.DeleteFunc(around.Layers(f), set.isNever)}
	}
	most := math.MaxInt
	if f.environment.isSample {
		most = maxConditions
	}
	return conditions{many: &manyConditions{around, f, most}}
}

// conditional are the layers of sections with conditions that may hold a
// directive of one of these names, outermost first. One of them stands for all
// that are too many to be decided, where there are such.
func (set *Settings) conditional(names []string) []conf.Layer {
	many := set.conditions.many
	if many == nil {
		return set.conditions.layers
	}
	layers, left := many.around.LayersWith(many.facts, set.inside, many.most, names...)
	layers = slices.DeleteFunc(layers, set.isNever)
	tooMany := conf.Layer{Holds: expr.Unknown, Reason: fmt.Sprintf("more than %d conditions decide", many.most)}
	switch left {
	case conf.OuterLeft:
		layers = slices.Insert(layers, 0, tooMany)
	case conf.InnerLeft:
		layers = append(layers, tooMany)
	}
	return layers
}

// isCut tells the layer that stands for sections which are too many.
func isCut(layer conf.Layer) bool { return layer.Section == nil && layer.Htaccess == nil }

// outermost are all layers that may hold a directive of one of these names,
// outermost first.
func (set *Settings) outermost(names ...string) iter.Seq[conf.Layer] {
	return func(yield func(conf.Layer) bool) {
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
