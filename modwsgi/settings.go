package modwsgi

import "slices"

// A Setting is one daemon process option of a group, with the reason for its value
// in one line.
type Setting struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Reason string `json:"reason,omitempty"`
}

// Settings are options of a daemon process group, each at most once.
type Settings []Setting

// Find finds a setting by its name.
func (s Settings) Find(name string) (setting Setting, found bool) {
	i := slices.IndexFunc(s, func(s Setting) bool { return s.Name == name })
	if i < 0 {
		return Setting{}, false
	}
	return s[i], true
}

// Value is the value of a setting, empty when it is not there.
func (s Settings) Value(name string) string {
	setting, _ := s.Find(name)
	return setting.Value
}

// Without gives the settings without one of them.
func (s Settings) Without(name string) Settings {
	return slices.DeleteFunc(slices.Clone(s), func(s Setting) bool { return s.Name == name })
}

// Over gives the settings behind those of others, of which they take the place.
func (s Settings) Over(others Settings) Settings {
	for _, setting := range s {
		others = append(others.Without(setting.Name), setting)
	}
	return others
}

// WithDefault gives the settings with one that is not there, unless value is empty.
func (s Settings) WithDefault(name, value string) Settings {
	if value == "" || s.Value(name) != "" {
		return s
	}
	return append(s, Setting{Name: name, Value: value})
}
