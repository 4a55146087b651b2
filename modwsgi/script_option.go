package modwsgi

// A ScriptOption is one option=value of a directive that names a script.
type ScriptOption struct {
	Directive string // "WSGIScriptAlias"
	Name      string
	Kind      Kind
	Span
	Required    bool
	Least       float64 // of a number; 0 when any above zero will do
	Expands     string  // the %{…} forms that are replaced; others are taken as they stand
	Default     string
	Recommended string
	Reason      string
}

// Refuses reports a value with which Apache does not start, as a *ValueError.
func (o ScriptOption) Refuses(value string) error {
	want := o.Kind.refuses(value, limits{fraction: o.Least})
	if want == "" {
		return nil
	}
	return &ValueError{Name: o.Name, Value: value, Want: want}
}

// ScriptOptions gives the options that a release knows on a directive, such as
// "WSGIScriptAlias", or with "" on every directive.
func ScriptOptions(directive string, r Release) []ScriptOption {
	var known []ScriptOption
	for _, o := range scriptOptions {
		if (directive == "" || o.Directive == directive) && o.Knows(r) {
			known = append(known, o)
		}
	}
	return known
}

// LookupScriptOption finds an option of a directive by name. When the release
// does not know it there, the error is a *NameError that says since when, or
// what was probably meant.
func LookupScriptOption(directive, name string, r Release) (ScriptOption, error) {
	for _, o := range scriptOptions {
		switch {
		case o.Directive != directive || o.Name != name:
		case o.Knows(r):
			return o, nil
		default:
			return ScriptOption{}, &NameError{What: directive + " option", Name: name, Release: r, Span: o.Span}
		}
	}
	var names []string
	for _, o := range ScriptOptions(directive, r) {
		names = append(names, o.Name)
	}
	return ScriptOption{}, &NameError{What: directive + " option", Name: name, Release: r, Nearest: nearest(name, names)}
}
