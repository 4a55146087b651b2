package httpdconf

import "strings"

// Setting is a directive that applies to a request, with the layer it is in.
type Setting struct {
	*Directive
	Layer Layer
	// Holds is True where it applies for certain, else Unknown, for the Reason.
	Holds  Truth
	Reason string
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
	setting := Setting{Directive: d, Layer: layer, Holds: layer.Holds.and(d.certain()), Reason: layer.Reason}
	if d.Unknown != nil {
		setting.Reason = d.Unknown.Reason
	}
	return setting
}

// LastWins are the settings that may have the last word, where a later one
// replaces those before: the last one, and while that is not certain the one
// before it, and so on. decided is False when even the first of them is not
// certain, so that the default is possible too.
func LastWins(settings []Setting) (candidates []Setting, decided bool) {
	for i := len(settings) - 1; i >= 0; i-- {
		candidates = append(candidates, settings[i])
		if settings[i].Holds == True {
			return candidates, true
		}
	}
	return candidates, len(settings) == 0
}

// ByKey sorts settings into groups, where each replaces only those with the
// same key, such as the first argument of SetEnv. Keys keep their order.
func ByKey(settings []Setting, key func(Setting) string) (keys []string, groups map[string][]Setting) {
	groups = map[string][]Setting{}
	for _, setting := range settings {
		k := key(setting)
		if _, ok := groups[k]; !ok {
			keys = append(keys, k)
		}
		groups[k] = append(groups[k], setting)
	}
	return keys, groups
}

// FirstWord is a key for ByKey: the first argument in lower case.
func FirstWord(s Setting) string { return strings.ToLower(s.Word(0)) }
