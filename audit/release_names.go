package audit

import (
	"errors"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
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
func (f *facts) findNameProblems() []nameProblem {
	var found []nameProblem
	for _, name := range f.Config.Names() {
		plain := strings.TrimPrefix(name, "<")
		if len(plain) < len("WSGI") || !strings.EqualFold(plain[:len("WSGI")], "WSGI") || wsgi.IsOfBeside(plain) {
			continue
		}
		var unknown *modwsgi.NameError
		_, err := modwsgi.LookupDirective(plain, f.Release)
		errors.As(err, &unknown)
		for d := range f.All(name) {
			if unknown != nil {
				found = append(found, nameProblem{d, "", unknown})
			} else {
				found = append(found, f.optionProblems(d)...)
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
func (f *facts) optionProblems(d *conf.Directive) []nameProblem {
	var found []nameProblem
	var unknown *modwsgi.NameError
	for _, option := range wsgi.OptionsOf(d) {
		if len(found) == mostProblems {
			break
		}
		if conf.HasMark(option.Name) {
			continue
		}
		if errors.As(lookUpOption(d, option.Name, f.Release), &unknown) {
			found = append(found, nameProblem{d, option.Name, unknown})
		}
	}
	return found
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
