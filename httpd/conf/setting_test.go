package conf

import (
	"slices"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Setting is a directive that applies to a request, with the layer it is in.
type Setting struct {
	*Directive
	Layer Layer
	// Holds is True where it applies for certain, else Unknown, for the Reason.
	Holds  expr.Truth
	Reason expr.Reason
}

// Settings are the directives of these names that apply to a request, in the
// order of precedence: a later one wins over, or adds to, those before.
func (s *Server) Settings(q Request, names ...string) []Setting {
	return Select(s.Layers(q), names...)
}

// Select are the directives of these names in layers, in their order.
func Select(layers []Layer, names ...string) []Setting {
	var found []Setting
	for _, layer := range layers {
		for d := range layer.Directives() {
			if isOneOf(d, names) {
				found = append(found, newSetting(d, layer))
			}
		}
	}
	return found
}

func isOneOf(d *Directive, names []string) bool {
	for _, name := range names {
		if d.Is(name) {
			return true
		}
	}
	return false
}

func newSetting(d *Directive, layer Layer) Setting {
	setting := Setting{Directive: d, Layer: layer, Holds: layer.Holds.And(d.certain()), Reason: layer.Reason}
	if d.Unknown != nil {
		setting.Reason = d.Unknown.Reason
	}
	return setting
}

// Layers are what applies to a request to this server, in the order in which
// httpd merges it: the main server, the virtual host, Directory sections from
// short to long with the .htaccess files between them, Directory sections with
// a regular expression, Files, Location, If. Of each kind the main server's
// come first, but for the length of Directory sections.
func (s *Server) Layers(q Request) []Layer {
	layers := []Layer{s.Config.Main().level()}
	if s.IsVirtual() {
		layers = append(layers, s.level())
	}
	places, conditions, _ := s.SectionLayers(q)
	return slices.Concat(layers, places, conditions.Layers(nothing{}))
}

// nothing are the variables of a request of which nothing else is known.
type nothing struct{}

var notTold = expr.Beyond{Kind: expr.NotUnderstood, Subject: "not known"}

func (nothing) Variable(name string) expr.Value { return expr.Value{Reason: notTold} }

func (nothing) Call(function, argument string) expr.Value {
	return expr.Value{Reason: notTold}
}

func (nothing) MayMatch(*expr.Regexp, string) expr.Reason { return nil }

func (nothing) Test(operator, word string) (holds expr.Truth, reason expr.Reason) {
	return expr.Unknown, notTold
}
