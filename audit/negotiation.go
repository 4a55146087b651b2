package audit

import (
	"path"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// negotiate is what MultiViews makes of a name that is not there: the file of
// that name with an extension that tells a type or, with MultiviewsMatch, a
// handler (mod_negotiation: handle_multi, read_types_multi). Where there are
// several, the client decides.
func (q *question) negotiate() (o outcome, found bool) {
	if q.kind != missing || q.allows("MultiViews") != httpdconf.True {
		return outcome{}, false
	}
	variants := q.variants()
	if len(variants) == 0 {
		return outcome{}, false
	}
	uri, ok := strings.CutSuffix(q.request.URI, q.info)
	if !ok {
		return outcome{}, false // a rule without PT led to the file, which the URL does not name
	}
	sub := q.lookup(path.Dir(uri) + "/" + variants[0])
	sub.request.URI += q.info
	if o = sub.visit(); len(variants) > 1 && o.answer.Application != nil {
		o.answer.Application.doubt(o.answer.Application.DecidedBy, "MultiViews chooses among several files by what the client accepts")
	}
	return o, true
}

// variants are the files that a name may stand for.
func (q *question) variants() []string {
	handlers := false
	if d := q.setting("MultiviewsMatch"); d != nil {
		for _, word := range d.Words() {
			handlers = handlers || strings.EqualFold(word, "Handlers") || strings.EqualFold(word, "Any")
		}
	}
	var names []string
	for _, entry := range q.view.Config.List(path.Dir(q.request.File)) {
		extensions, ok := strings.CutPrefix(entry.Name(), path.Base(q.request.File)+".")
		if ok && entry.Type().IsRegular() && q.isVariant(strings.Split(extensions, "."), handlers) {
			names = append(names, entry.Name())
		}
	}
	return names
}

// isVariant tells whether each extension means something to the negotiation.
func (q *question) isVariant(extensions []string, handlers bool) bool {
	for _, extension := range extensions {
		d := q.pickWhere(func(d *httpdconf.Directive) bool {
			return (d.Is("AddType") || d.Is("AddLanguage") || d.Is("AddCharset") || d.Is("AddEncoding") || handlers && d.Is("AddHandler")) &&
				listsExtension(d.Words()[min(1, len(d.Words())):], extension)
		})
		if len(d.candidates) == 0 {
			return false
		}
	}
	return true
}
