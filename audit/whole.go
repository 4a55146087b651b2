package audit

import (
	"slices"
	"strings"
)

// isWhole tells whether all of a server's configuration was read.
func (v *View) isWhole() bool { return v.Config.Complete && len(v.Config.Unread) == 0 }

// mayOverride tells whether a .htaccess file may hold more than directives of
// these classes.
func (v *View) mayOverride(harmless ...string) bool {
	for d := range v.All("AllowOverride", "AllowOverrideList") {
		for _, word := range d.Words() {
			class, _, _ := strings.Cut(strings.ToLower(word), "=")
			if class != "none" && class != "nonfatal" && !slices.Contains(harmless, class) {
				return true
			}
		}
	}
	return false
}
