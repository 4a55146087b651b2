package request

import (
	"net/http"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// index is what mod_dir makes of a folder: the first of its DirectoryIndex
// that is there (fixup_dir). It is false where mod_dir leaves the folder alone.
func (r located) index(handler string) (e end, done bool) {
	if r.info != "" {
		return end{}, false
	}
	if e, done = r.addSlash(); done || !strings.HasSuffix(r.URI, "/") {
		return e, done
	}
	if r.setting("DirectoryCheckHandler").IsOn() && handler != "" {
		return end{}, false
	}
	refused := end{}
	for _, name := range r.indexNames() {
		found := r.lookup(name).visit()
		if found.regular && !found.refused {
			if d := r.setting("DirectoryIndexRedirect"); d != nil && !strings.EqualFold(d.Word(0), "Off") {
				return r.takenBy(d), true
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
func (r located) addSlash() (e end, done bool) {
	slash := r.setting("DirectorySlash")
	if r.kind != folder || r.info != "" || strings.HasSuffix(r.URI, "/") || slash != nil && !slash.IsOn() {
		return end{}, false
	}
	e = r.answers(http.StatusMovedPermanently, "DirectorySlash leads to the URL with a slash at its end")
	e.refused = true
	return e, true
}

// indexNames are the names that mod_dir looks for: of the innermost section
// that has any (add_index).
func (r located) indexNames() []string {
	names := []string{"index.html"}
	for _, directives := range r.Settings.ownSettings("DirectoryIndex", r.assume) {
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
func (r located) fallBack() (e end, done bool) {
	d := r.setting("FallbackResource")
	if d == nil || strings.EqualFold(d.Word(0), "disabled") {
		return end{}, false
	}
	if e = r.lookup(d.Word(0)).visit(); e.regular && !e.refused {
		return e, true
	}
	return e, e.refused
}

// setting is the directive of that name that is in effect, or nil.
func (r located) setting(name string) *conf.Directive { return r.Settings.setting(name, r.assume) }
