package wsgi

import (
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
				if !v.Httpd.IsNever(d) && !yield(d) {
					return
				}
			}
		}
	}
}

// InOrder are all directives and sections that are or may be in effect, in the
// order of the text.
func (v *View) InOrder() iter.Seq[*conf.Directive] {
	return func(yield func(*conf.Directive) bool) {
		for d := range v.Config.All() {
			if !v.Httpd.IsNever(d) && !yield(d) {
				return
			}
		}
	}
}
