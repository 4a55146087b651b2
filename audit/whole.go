package audit

import (
	"slices"
	"strings"
)

// isWhole tells whether all of a server's configuration was read.
func (f *facts) isWhole() bool { return f.Config.Complete && len(f.Config.Unread) == 0 }

// mayOverride tells whether a .htaccess file may hold more than directives of
// these classes.
func (f *facts) mayOverride(harmless ...string) bool {
	for d := range f.All("AllowOverride", "AllowOverrideList") {
		for _, word := range d.Words() {
			class, _, _ := strings.Cut(strings.ToLower(word), "=")
			if class != "none" && class != "nonfatal" && !slices.Contains(harmless, class) {
				return true
			}
		}
	}
	return false
}
