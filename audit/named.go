package audit

import (
	"fmt"
	"iter"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// All are the directives and sections of these names that are or may be in
// effect, anywhere in the configuration: those of the first name first, each
// in the order of the text.
func (v *View) All(names ...string) iter.Seq[*conf.Directive] {
	return func(yield func(*conf.Directive) bool) {
		for _, name := range names {
			for d := range v.Config.Named(name) {
				if !v.httpd.IsNever(d.Unknown) && !yield(d) {
					return
				}
			}
		}
	}
}

// hosts tells whether the configuration has to do with WSGI at all. Rules about
// Apache's own directives have nothing to say of one that has not.
func (v *View) hosts() bool { return len(v.Applications) > 0 || len(v.Daemons) > 0 }

// inEffect is the directive of that name that is in effect for the
// application's requests; nil where there is none, or where it is not certain.
func (a *Application) inEffect(name string) *conf.Directive {
	if c := a.asked.Pick(name); c.Decided {
		return c.Candidates[0]
	}
	return nil
}

// mayHave tells whether a directive of that name may be in effect for the
// application's requests.
func (a *Application) mayHave(name string) bool {
	return len(a.asked.Pick(name).Candidates) > 0
}

// has tells whether the configuration has any directive of that name, outside
// .htaccess files: most of those that are asked for are rare, and to find out
// what is in effect takes time.
func (v *View) has(name string) bool {
	for range v.All(name) {
		return true
	}
	return false
}

// placeOf tells where a directive is as seen from another one: its line, and its
// file where that is another one.
func placeOf(d, from *conf.Directive) string {
	pos := d.Pos()
	if pos.File == from.Pos().File {
		return fmt.Sprintf("line %d", pos.Line)
	}
	return fmt.Sprintf("line %d of %s", pos.Line, pos.File)
}
