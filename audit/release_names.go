package audit

import (
	"errors"

	"github.com/wsgictl/wsgictl/httpdconf"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// nameProblem is a directive, or an option of one, that a release does not
// know.
type nameProblem struct {
	*httpdconf.Directive
	option string // empty for the directive itself
	*modwsgi.NameError
}

// nameProblems finds all names that the view's release does not know. Where
// the release is not known, these are the names that no release knows.
func (v *View) nameProblems() []nameProblem {
	var found []nameProblem
	for d := range v.Config.All() {
		if len(d.Name) < 4 || d.Name[:4] != "WSGI" && d.Name[:min(5, len(d.Name))] != "<WSGI" || isNever(d.Unknown) {
			continue
		}
		found = append(found, v.problemsOf(d)...)
	}
	return found
}

func (v *View) problemsOf(d *httpdconf.Directive) []nameProblem {
	name := d.Name
	if d.IsSection() {
		name = name[1:]
	}
	var unknown *modwsgi.NameError
	if _, err := modwsgi.LookupDirective(name, v.Release); errors.As(err, &unknown) {
		return []nameProblem{{d, "", unknown}}
	}
	words, lookup := optionTable(d)
	if lookup == nil {
		return nil
	}
	var found []nameProblem
	_, options := splitOptions(d.Args, words)
	for _, option := range options {
		if errors.As(lookup(option.Name, v.Release), &unknown) {
			found = append(found, nameProblem{d, option.Name, unknown})
		}
	}
	return found
}

// optionTable is the number of words before the options of a directive, and
// what looks an option up.
func optionTable(d *httpdconf.Directive) (words int, lookup func(string, modwsgi.Release) error) {
	script := func(name string, r modwsgi.Release) error {
		_, err := modwsgi.LookupScriptOption(d.Name, name, r)
		return err
	}
	switch d.Name {
	case "WSGIDaemonProcess":
		return 1, func(name string, r modwsgi.Release) error {
			_, err := modwsgi.LookupDaemonOption(name, r)
			return err
		}
	case "WSGIScriptAlias", "WSGIScriptAliasMatch", "WSGIHandlerScript":
		return 2, script
	case "WSGIImportScript", "WSGIDispatchScript", "WSGIAccessScript", "WSGIAuthUserScript", "WSGIAuthGroupScript":
		return 1, script
	}
	return 0, nil
}

// isNewer tells a name that came after the release.
func (n nameProblem) isNewer() bool {
	return !n.Span.Since.IsZero() && !n.Release.IsZero() && n.Release.Before(n.Span.Since)
}
