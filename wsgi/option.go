package wsgi

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// OptionsOf are the options of a directive, as wsgi_parse_option of mod_wsgi splits its
// line; one with something that is no option is refused.
func OptionsOf(d *conf.Directive) conf.RawOptions {
	if !strings.Contains(d.Args, "=") && !conf.HasMark(d.Args) {
		return nil // as most aliases
	}
	words := leadingWords(d)
	if words == 0 {
		return nil
	}
	_, options, _ := conf.SplitRaw(d.Args, words)
	return options
}

// HasOptions tells whether a directive is written with options, also with some that
// cannot be told apart.
func HasOptions(d *conf.Directive) bool { return strings.Contains(d.Args, "=") && leadingWords(d) > 0 }

// leadingWords is the number of words before the options of a directive, 0 for
// one that takes none.
func leadingWords(d *conf.Directive) int {
	known, err := modwsgi.LookupDirective(d.Name, modwsgi.Release{})
	if err != nil {
		return 0
	}
	return known.Leading
}
