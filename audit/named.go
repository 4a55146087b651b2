package audit

import (
	"fmt"
	"iter"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// All are the directives and sections of these names that are or may be in
// effect, anywhere in the configuration: those of the first name first, each
// in the order of the text. A name is spelled as httpd and mod_wsgi do.
func (v *View) All(names ...string) iter.Seq[*httpdconf.Directive] {
	return func(yield func(*httpdconf.Directive) bool) {
		for _, name := range names {
			for _, d := range v.named()[name] {
				if !yield(d) {
					return
				}
			}
		}
	}
}

// byName sorts the directives by name. It is done once, and only for the rules:
// most of them look at a few directives of a large configuration.
func (v *View) byName() map[string][]*httpdconf.Directive {
	counts := map[string]int{}
	for d := range v.Config.All() {
		counts[d.Name]++
	}
	named := make(map[string][]*httpdconf.Directive, len(counts))
	for d := range v.Config.All() {
		if isNever(d.Unknown) {
			continue
		}
		list := named[d.Name]
		if list == nil {
			list = make([]*httpdconf.Directive, 0, counts[d.Name]) // 50,000 virtual hosts have many
		}
		named[d.Name] = append(list, d)
	}
	return named
}

// hosts tells whether the configuration has to do with WSGI at all. Rules about
// Apache's own directives have nothing to say of one that has not.
func (v *View) hosts() bool { return len(v.Applications) > 0 || len(v.Daemons) > 0 }

// isOn tells whether a directive's only argument is On.
func isOn(d *httpdconf.Directive) bool { return d != nil && strings.EqualFold(d.Word(0), "On") }

// inEffect is the directive of that name that is in effect for the
// application's requests; nil where there is none, or where it is not certain.
func (a *Application) inEffect(name string) *httpdconf.Directive {
	if !a.asked.view.has(name) {
		return nil
	}
	if c := a.asked.pick(name); c.decided {
		return c.candidates[0]
	}
	return nil
}

// mayHave tells whether a directive of that name may be in effect for the
// application's requests.
func (a *Application) mayHave(name string) bool {
	return a.asked.view.has(name) && len(a.asked.pick(name).candidates) > 0
}

// has tells whether there is any directive of that name: most of those that
// rules ask for are rare, and to ask what is in effect takes time.
func (v *View) has(name string) bool { return len(v.named()[name]) > 0 }

// placeOf tells where a directive is as seen from another one: its line, and its
// file where that is another one.
func placeOf(d, from *httpdconf.Directive) string {
	pos := d.Pos()
	if pos.File == from.Pos().File {
		return fmt.Sprintf("line %d", pos.Line)
	}
	return fmt.Sprintf("line %d of %s", pos.Line, pos.File)
}
