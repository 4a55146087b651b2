package modwsgi

import "strings"

// A Directive is one directive of mod_wsgi, or one section.
type Directive struct {
	Name    string // without the angle bracket of a section
	Section bool
	Span
	Contexts    Context
	Override    string // AllowOverride class that lets it into .htaccess: "FileInfo", "AuthConfig"
	Form        Form
	Kind        Kind   // of its arguments, or, where options follow, of none: Text
	Leading     int    // arguments before the option=value; 0 where the directive has no options
	Arguments   string // "On|Off"
	Example     string // arguments that every release that knows the directive accepts
	Only        string // the builds that have it, where not all do
	Scoped      bool   // <WSGIInterpreterOptions> can limit it to some interpreters
	Default     string
	Recommended string // value for production; empty: leave it out
	Reason      string // for the recommendation, in one line
	Page        bool   // mod_wsgi's documentation has a page of its own for it
}

// A Form is how Apache hands the arguments over, by the name that Apache's
// source gives it.
type Form string

// The forms that mod_wsgi uses.
const (
	Take1   Form = "TAKE1"    // exactly one
	Take2   Form = "TAKE2"    // exactly two
	Take12  Form = "TAKE12"   // one or two
	RawArgs Form = "RAW_ARGS" // the line as it stands, which mod_wsgi splits itself
)

// A Context is a set of places of Apache configuration.
type Context uint8

// The places, each one bit.
const (
	ServerConfig Context = 1 << iota // outside any section
	VirtualHost                      // directly in <VirtualHost>
	PerDirectory                     // in <Directory>, <Location>, <Files>, <If>
	HTAccess                         // in .htaccess, where AllowOverride lets it
)

var contextNames = []struct {
	context Context
	name    string
}{
	{ServerConfig, "server config"},
	{VirtualHost, "virtual host"},
	{PerDirectory, "directory"},
	{HTAccess, ".htaccess"},
}

// Has reports whether the set holds every place of another.
func (c Context) Has(other Context) bool { return c&other == other }

// String lists the places by the names that Apache's documentation uses.
func (c Context) String() string {
	var names []string
	for _, n := range contextNames {
		if c.Has(n.context) {
			names = append(names, n.name)
		}
	}
	return strings.Join(names, ", ")
}

// Title is the name as it is written in configuration.
func (d Directive) Title() string {
	if d.Section {
		return "<" + d.Name + ">"
	}
	return d.Name
}

// URL is the address of the directive's page in mod_wsgi's documentation, or
// "" when it has none.
func (d Directive) URL() string {
	if !d.Page {
		return ""
	}
	return "https://modwsgi.readthedocs.io/en/latest/configuration-directives/" + d.Name + ".html"
}

// Directives gives the directives that a release knows, in the order of its
// command table.
func Directives(r Release) []Directive {
	var known []Directive
	for _, d := range directives {
		if d.Knows(r) {
			known = append(known, d)
		}
	}
	return known
}

// LookupDirective finds a directive or section by name; case does not matter,
// as it does not to Apache. When the release does not know it, the error is a
// *NameError that says since when, until when, or what was probably meant.
func LookupDirective(name string, r Release) (Directive, error) {
	for _, d := range directives {
		switch {
		case !strings.EqualFold(d.Name, name):
		case d.Knows(r):
			return d, nil
		default:
			return Directive{}, &NameError{What: "directive", Name: d.Name, Release: r, Span: d.Span}
		}
	}
	var names []string
	for _, d := range Directives(r) {
		names = append(names, d.Name)
	}
	return Directive{}, &NameError{What: "directive", Name: name, Release: r, Nearest: nearest(name, names)}
}
