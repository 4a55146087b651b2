package request

import (
	"fmt"
	"path"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// negotiate is what MultiViews makes of a name that is not there: the file of
// that name with an extension that tells a type or, with MultiviewsMatch, a
// handler (handle_multi, read_types_multi). Where there are several, the client
// decides.
func (r located) negotiate() (e end, done bool) {
	if r.kind != missing || !r.allows("MultiViews") {
		return end{}, false
	}
	uri, ok := strings.CutSuffix(r.URI, r.info)
	variants := r.variants()
	if len(variants) == 0 || !ok {
		return end{}, false // without ok a rule without PT led to the file, which the URL does not name
	}
	chosen := variants[len(variants)-1]
	for _, name := range variants[:len(variants)-1] {
		reason := fmt.Sprintf("MultiViews chooses among several files by what the client accepts: whether %s is the one", name)
		if r.assume(Doubt{Reason: reason, likely: true}) {
			chosen = name
			break
		}
	}
	sub := r.lookup(path.Dir(uri) + "/" + chosen)
	sub.URI += r.info
	return sub.visit(), true
}

// variants are the files that a name may stand for.
func (r located) variants() []string {
	handlers := false
	if d := r.setting("MultiviewsMatch"); d != nil {
		for _, word := range d.Words() {
			handlers = handlers || strings.EqualFold(word, "Handlers") || strings.EqualFold(word, "Any")
		}
	}
	var names []string
	for _, entry := range r.server.Config.List(path.Dir(r.Request.File)) {
		extensions, ok := strings.CutPrefix(entry.Name(), path.Base(r.Request.File)+".")
		if ok && entry.Type().IsRegular() && r.isVariant(strings.Split(extensions, "."), handlers) {
			names = append(names, entry.Name())
		}
	}
	return names
}

// isVariant tells whether each extension means something to the negotiation.
func (r located) isVariant(extensions []string, handlers bool) bool {
	for _, extension := range extensions {
		d := r.Settings.settingWhere(func(d *httpdconf.Directive) bool {
			return (d.Is("AddType") || d.Is("AddLanguage") || d.Is("AddCharset") || d.Is("AddEncoding") || handlers && d.Is("AddHandler")) &&
				listsExtension(afterFirst(d.Words()), extension)
		}, r.assume, "AddType", "AddLanguage", "AddCharset", "AddEncoding", "AddHandler")
		if d == nil {
			return false
		}
	}
	return true
}
