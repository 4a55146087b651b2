package audit

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// allows tells whether Options lets the application's files do something, such
// as ExecCGI.
func (a *Application) allows(option string) httpdconf.Truth { return a.asked.allows(option) }

// allows tells whether Options has an option for the request (core:
// set_options, merge_core_dir_configs): FollowSymLinks alone by default, "All"
// for all but MultiViews, and + or - for a change of what holds outside.
func (q *question) allows(option string) httpdconf.Truth {
	allowed := truth(option == "FollowSymLinks")
	for _, s := range q.scope.server.Settings(q.request, "Options") {
		if isNever(s.Unknown) {
			continue
		}
		now := withOptions(allowed, s.Words(), option)
		if now != allowed && (s.Holds != httpdconf.True || undecided(s.Unknown, q.given) != nil) {
			now = httpdconf.Unknown
		}
		allowed = now
	}
	return allowed
}

// withOptions is what is left of an option after one Options directive.
func withOptions(allowed httpdconf.Truth, words []string, option string) httpdconf.Truth {
	for i, word := range words {
		name := strings.TrimLeft(word, "+-")
		if name == word && i == 0 {
			allowed = httpdconf.False // a list without signs begins anew
		}
		if strings.EqualFold(name, option) || strings.EqualFold(name, "All") && option != "MultiViews" {
			allowed = truth(!strings.HasPrefix(word, "-"))
		}
	}
	return allowed
}

// deniedBy is the "Require all denied" that keeps everybody from the
// application, or nil where none does for certain.
func (a *Application) deniedBy() *httpdconf.Directive { return a.asked.deniedBy() }

// deniedBy is the "Require all denied" that keeps everybody from what is asked
// for: the innermost section with any Require is the one that counts
// (mod_authz_core, AuthMerging Off).
func (q *question) deniedBy() *httpdconf.Directive {
	if len(q.pick("AuthMerging").candidates) > 0 || len(q.pick("Satisfy").candidates) > 0 {
		return nil
	}
	layers := q.layers()
	for i := len(layers) - 1; i >= 0; i-- {
		denied, decides := q.denialIn(layers[i])
		if !decides {
			continue
		}
		if certain, _ := q.holds(layers[i]); certain {
			return denied
		}
		return nil
	}
	return nil
}

// isGranted tells whether any section around what is asked for has a Require.
func (q *question) isGranted() bool {
	for _, layer := range q.layers() {
		if _, decides := q.denialIn(layer); decides {
			return true
		}
	}
	return false
}

// denialIn tells whether a layer decides who gets in, and by which directive
// nobody does.
func (q *question) denialIn(layer httpdconf.Layer) (denied *httpdconf.Directive, decides bool) {
	if layer.Section != nil {
		for d := range layer.Section.Children() {
			if isContainer(d) {
				return nil, true
			}
		}
	}
	for d := range layer.Directives() {
		switch {
		case !d.Is("Require"):
		case !isAll(d, "denied") || undecided(d.Unknown, q.given) != nil:
			return nil, true
		default:
			denied = d
		}
	}
	return denied, denied != nil
}

// isContainer tells the sections that combine several Require.
func isContainer(d *httpdconf.Directive) bool {
	return d.Is("<RequireAll") || d.Is("<RequireAny") || d.Is("<RequireNone")
}

// isAll tells whether a Require is "all granted" or "all denied".
func isAll(d *httpdconf.Directive, what string) bool {
	return strings.EqualFold(d.Word(0), "all") && strings.EqualFold(d.Word(1), what)
}
