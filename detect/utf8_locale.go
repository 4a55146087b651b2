package detect

import (
	"slices"
	"strings"
)

// UTF8Locale chooses the locale for daemons among those installed, which
// "locale -a" spells C.utf8 and en_US.utf8; empty when neither is there.
func (s System) UTF8Locale() string {
	for _, wanted := range []string{"C.UTF-8", "en_US.UTF-8"} {
		if slices.ContainsFunc(s.Locales, func(name string) bool {
			return strings.EqualFold(strings.Replace(name, "utf8", "UTF-8", 1), wanted)
		}) {
			return wanted
		}
	}
	return ""
}
