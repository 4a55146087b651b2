package request

import (
	"net/http"
	"strings"
)

// findInFolder is what mod_dir makes of a folder, or of a URI that leads to
// nothing (dir_fixups).
func (r located) findInFolder() (located, *death) {
	handler := r.namedHandler().Name
	switch {
	case r.kind == folder || r.kind == unseen && strings.HasSuffix(r.URI, "/") && handler == "":
		return r.index(handler)
	case handler == "" && r.kind != regular && r.leadsTo == nil:
		return r.fallBack()
	}
	return r, nil
}

// index is the first of the DirectoryIndex that is there (fixup_dir). Where one
// of them redirects, that is it; of errors the last one counts, where none is
// there.
func (r located) index(handler string) (located, *death) {
	if r.info != "" {
		return r, nil
	}
	if died := r.addSlash(); died != nil || !strings.HasSuffix(r.URI, "/") {
		return r, died
	}
	if r.leadsTo != nil || handler != "" && r.setting("DirectoryCheckHandler").IsOn() {
		return r, nil
	}
	var refused *death
	for _, name := range r.indexNames() {
		found, died := r.look(name)
		switch d := r.setting("DirectoryIndexRedirect"); {
		case died != nil && !died.isError():
			return r, r.dieAs(died)
		case died != nil && died.Status != http.StatusNotFound:
			refused = r.dieAs(died)
		case died != nil || !found.isThere():
		case d != nil && !strings.EqualFold(d.Word(0), "Off"):
			return r, r.endBy(d, wordStatus(d.Word(0)))
		default:
			return r.become(found), nil
		}
	}
	return r, refused
}

// look is what becomes of a lookup. One for which a rule has made a redirect ends with
// that, wherever another rule has led it from there.
func (r located) look(text string) (found located, died *death) {
	found, died = r.lookup(text).process()
	if led := found.ledBy; died == nil && isRedirection(led.status) {
		died = found.endBy(led.rule, led.status)
	}
	return found, died
}

// dieAs is the end of a request that comes to the same as that of a lookup.
func (r located) dieAs(lookup *death) *death {
	return &death{received: r.received, Outcome: lookup.Outcome, settings: r.Settings, checked: r.Settings}
}

// isThere tells whether a lookup has found a file. Of files that are not here,
// those that the module handles are taken for there, and what a rule leads on.
func (r located) isThere() bool {
	if r.kind != unseen {
		return r.kind == regular
	}
	_, handles := r.server.Httpd.module.Handles(r.handled())
	return handles || r.leadsTo != nil
}

// addSlash is the redirect to the URL of a folder with a slash at its end, nil
// where there is none.
func (r located) addSlash() *death {
	slash := r.setting("DirectorySlash")
	if r.kind != folder || strings.HasSuffix(r.URI, "/") || slash != nil && !slash.IsOn() {
		return nil
	}
	return r.refuse(Ending{Kind: SlashAdded})
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

// fallBack is the FallbackResource of a URI that leads to nothing
// (fixup_dflt).
func (r located) fallBack() (located, *death) {
	d := r.setting("FallbackResource")
	if d == nil || strings.EqualFold(d.Word(0), "disabled") {
		return r, nil
	}
	found, died := r.look(d.Word(0))
	switch {
	case died != nil && (!died.isError() || died.Status != http.StatusNotFound):
		return r, r.dieAs(died)
	case died != nil || !found.isThere():
		return r, nil
	}
	return r.become(found), nil
}
