package audit

import (
	"errors"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// nameProblem is a directive, or an option of one, that a release does not
// know.
type nameProblem struct {
	*conf.Directive
	option string // empty for the directive itself
	*modwsgi.NameError
}

// findNameProblems finds all names that the view's release does not know, of
// each name in the order of the text. Where the release is not known, these are
// the names that no release knows.
func (v *View) findNameProblems() []nameProblem {
	var found []nameProblem
	for _, name := range v.Config.Names() {
		plain := strings.TrimPrefix(name, "<")
		if len(plain) < len("WSGI") || !strings.EqualFold(plain[:len("WSGI")], "WSGI") {
			continue
		}
		var unknown *modwsgi.NameError
		_, err := modwsgi.LookupDirective(plain, v.Release)
		errors.As(err, &unknown)
		for d := range v.All(name) {
			if unknown != nil {
				found = append(found, nameProblem{d, "", unknown})
			} else {
				found = append(found, v.optionProblems(d)...)
			}
		}
	}
	return found
}

// mostProblems is how many options of one directive are told: httpd stops at the
// first, and a line with more is none that somebody has written.
const mostProblems = 20

// optionProblems finds the options of a directive that the release does not
// know.
func (v *View) optionProblems(d *conf.Directive) []nameProblem {
	var found []nameProblem
	var unknown *modwsgi.NameError
	for _, option := range optionsOf(d) {
		if len(found) == mostProblems {
			break
		}
		if conf.HasMark(option.Name) {
			continue
		}
		if errors.As(lookUpOption(d, option.Name, v.Release), &unknown) {
			found = append(found, nameProblem{d, option.Name, unknown})
		}
	}
	return found
}

// leadingWords is the number of words before the options of a directive, 0 for
// one that takes none.
func leadingWords(d *conf.Directive) int {
	known, err := modwsgi.LookupDirective(d.Name, modwsgi.Release{})
	if err != nil {
		return 0
	}
	return known.Leading
}

// lookUpOption looks an option of a directive up.
func lookUpOption(d *conf.Directive, name string, r modwsgi.Release) (err error) {
	if d.Is("WSGIDaemonProcess") {
		_, err = modwsgi.LookupDaemonOption(name, r)
	} else {
		_, err = modwsgi.LookupScriptOption(d.Name, name, r)
	}
	return err
}

// isNewer tells a name that came after the release.
func (n nameProblem) isNewer() bool {
	return !n.Span.Since.IsZero() && !n.Release.IsZero() && n.Release.Predates(n.Span.Since)
}
