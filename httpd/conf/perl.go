package conf

import "strings"

// skipPerl reads over the code of a <Perl> section, which mod_perl reads itself
// (modperl_cmd_perl): "use strict" there is no use of a macro. What the code
// configures is not known.
func (r *reader) skipPerl(section *Directive, opened line) {
	at := r.place(opened)
	for {
		l, ok := r.nextLine()
		switch {
		case !ok:
			r.report(Error, at, section.Name+"> was not closed.")
			return
		case strings.EqualFold(l.text, "</Perl>"):
			return
		}
	}
}
