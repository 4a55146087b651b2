package audit

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// index is what mod_dir makes of a folder: the first of its DirectoryIndex
// that is there (fixup_dir). It is false where mod_dir leaves the folder alone.
func (q *question) index(handler string) (o outcome, done bool) {
	if q.info != "" {
		return outcome{}, false
	}
	if o, done = q.addSlash(); done || !strings.HasSuffix(q.request.URI, "/") {
		return o, done
	}
	if isOn(q.setting("DirectoryCheckHandler")) && handler != "" {
		return outcome{}, false
	}
	refused := outcome{}
	for _, name := range q.indexNames() {
		found := q.lookup(name).visit()
		if found.regular && !found.refused {
			if d := q.setting("DirectoryIndexRedirect"); d != nil && !strings.EqualFold(d.Word(0), "Off") {
				return q.refuse(d), true
			}
			return found, true
		}
		if found.refused {
			refused = found
		}
	}
	return refused, refused.refused
}

// addSlash is the redirect to the URL of a folder with a slash at its end. It is
// false where there is none.
func (q *question) addSlash() (o outcome, done bool) {
	slash := q.setting("DirectorySlash")
	if q.kind != folder || q.info != "" || strings.HasSuffix(q.request.URI, "/") || slash != nil && !isOn(slash) {
		return outcome{}, false
	}
	o = nothing("DirectorySlash leads to the URL with a slash at its end")
	o.refused = true
	return o, true
}

// indexNames are the names that mod_dir looks for: of the innermost section
// that has any (add_index).
func (q *question) indexNames() []string {
	names := []string{"index.html"}
	for _, directives := range q.ownSettings("DirectoryIndex") {
		if len(directives) == 0 {
			continue
		}
		names = nil
		for _, d := range directives {
			if words := d.Words(); len(words) == 1 && strings.EqualFold(words[0], "disabled") {
				names = nil
			} else {
				names = append(names, words...)
			}
		}
	}
	return names
}

// fallBack is what mod_dir makes of a URL that leads to nothing
// (fixup_dflt). It is false where it does not bother.
func (q *question) fallBack() (o outcome, done bool) {
	d := q.setting("FallbackResource")
	if d == nil || strings.EqualFold(d.Word(0), "disabled") {
		return outcome{}, false
	}
	if o = q.lookup(d.Word(0)).visit(); o.regular && !o.refused {
		return o, true
	}
	return o, o.refused
}

// act is what mod_actions makes of a file whose handler or type has an Action
// (action_handler): a redirect to its script, with the URL after it.
func (q *question) act(handler string) (o outcome, done bool) {
	if handler == "" {
		return outcome{}, false
	}
	d := q.settingWhere(func(d *httpdconf.Directive) bool {
		return d.Is("Action") && strings.EqualFold(d.Word(0), handler)
	})
	switch {
	case d == nil:
		return outcome{}, false
	case q.kind == missing && !strings.EqualFold(d.Word(2), "virtual"):
		return nothing("the file is not there, and Action is not virtual: httpd answers 404"), true
	}
	return q.redirect(d.Word(1)+q.request.URI, q.request.Query), true
}

// setting is the directive of that name that is in effect, or nil. Where that
// is not certain the question wonders.
func (q *question) setting(name string) *httpdconf.Directive {
	return q.settingWhere(func(d *httpdconf.Directive) bool { return d.Is(name) })
}

func (q *question) settingWhere(alike func(*httpdconf.Directive) bool) *httpdconf.Directive {
	c := q.pickWhere(alike)
	if len(c.candidates) == 0 {
		return nil
	}
	if !c.decided {
		q.wonder(c.candidates[0], c.reason)
	}
	return c.candidates[0]
}

// ownSettings are the directives of that name by the layer that they stand in,
// the outermost first.
func (q *question) ownSettings(name string) [][]*httpdconf.Directive {
	var all [][]*httpdconf.Directive
	for _, level := range q.scope.levels() {
		var own []*httpdconf.Directive
		for _, d := range level {
			if d.Is(name) && undecided(d.Unknown, q.given) == nil {
				own = append(own, d)
			}
		}
		all = append(all, own)
	}
	for _, layer := range q.layers() {
		var own []*httpdconf.Directive
		for d := range layer.Directives() {
			if d.Is(name) && undecided(d.Unknown, q.given) == nil {
				own = append(own, d)
			}
		}
		if certain, reason := q.holds(layer); !certain && len(own) > 0 {
			q.wonder(own[0], reason)
			continue
		}
		all = append(all, own)
	}
	return all
}
