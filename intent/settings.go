package intent

import (
	"slices"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// Without gives settings without one of them.
func Without(settings []modwsgi.Setting, name string) []modwsgi.Setting {
	return slices.DeleteFunc(slices.Clone(settings), func(s modwsgi.Setting) bool { return s.Name == name })
}

// withDefault adds a setting that is not there, unless value is empty.
func withDefault(settings []modwsgi.Setting, name, value string) []modwsgi.Setting {
	if value == "" || Value(settings, name) != "" {
		return settings
	}
	return append(settings, modwsgi.Setting{Name: name, Value: value})
}

// Value gives the value of a setting, empty when it is not there.
func Value(settings []modwsgi.Setting, name string) string {
	for _, setting := range settings {
		if setting.Name == name {
			return setting.Value
		}
	}
	return ""
}
