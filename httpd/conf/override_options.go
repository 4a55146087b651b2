package conf

import "strings"

// overrideOptions are the options that Options may change in a .htaccess file, in
// lower case; nil for all of them.
type overrideOptions map[string]bool

// allOptions are those of "Options All", which MultiViews and
// SymLinksIfOwnerMatch are not among (OPT_ALL).
var allOptions = []string{"indexes", "includes", "includesnoexec", "followsymlinks", "execcgi"}

// newOverrideOptions reads what follows "AllowOverride Options=": names with
// commas between them, or nothing for those of "Options All" (set_override,
// set_allow_opts).
func newOverrideOptions(list string) overrideOptions {
	options := overrideOptions{}
	if list == "" {
		list = "all"
	}
	for name := range strings.SplitSeq(strings.ToLower(list), ",") {
		names := []string{name}
		switch name {
		case "all":
			names = allOptions
		case "includes":
			names = []string{"includes", "includesnoexec"}
		case "runscripts":
			names = []string{"multiviews", "execcgi"}
		}
		for _, name := range names {
			options[name] = true
		}
	}
	return options
}

// refused is the first option of a directive that it may not change, or ""
// (set_options).
func (o overrideOptions) refused(d *Directive) string {
	if o == nil || !d.Is("Options") {
		return ""
	}
	for _, word := range d.Words() {
		name := strings.ToLower(strings.TrimLeft(word, "+-"))
		if name == "none" {
			continue
		}
		for needed := range newOverrideOptions(name) {
			if !o[needed] {
				return strings.TrimLeft(word, "+-")
			}
		}
	}
	return ""
}
