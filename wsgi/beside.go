package wsgi

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// Modules are the tables of directives for reading configuration: mod_wsgi's of all
// releases, and mod_wsgictl's.
func Modules() []conf.Module { return []conf.Module{Module(modwsgi.Release{}), beside} }

// beside is mod_wsgictl's (mod_wsgictl/source/mod_wsgictl.c).
var beside = conf.Module{
	Identifier: "wsgictl_module", File: "mod_wsgictl.c",
	Directives: []conf.DirectiveForm{
		{Name: "WSGICtlDrain", Args: conf.Args1, Context: conf.InServer | conf.NotInHost},
		{Name: "WSGICtlReloadOn", Args: conf.Args1, Context: conf.InServer | conf.NotInHost},
		{Name: "WSGICtlFolder", Args: conf.Args12, Context: conf.InServer | conf.NotInHost},
		{Name: "WSGICtlBodyFirst", Args: conf.Args12, Context: conf.InServer | conf.InDirectory},
		{Name: "WSGICtlSpool", Args: conf.Args1, Context: conf.InServer | conf.InDirectory},
	},
	Refuses: besideRefuses,
}

// IsOfBeside tells a directive of mod_wsgictl from those of mod_wsgi.
func IsOfBeside(name string) bool {
	for _, form := range beside.Directives {
		if strings.EqualFold(form.Name, name) {
			return true
		}
	}
	return false
}

// besideRefuses tells of a directive what mod_wsgictl has against its arguments.
func besideRefuses(string) func(*conf.Directive) string { return besideRefusal }

func besideRefusal(d *conf.Directive) string {
	first := d.Word(0)
	switch {
	case d.Is("WSGICtlDrain"):
		if seconds, err := strconv.Atoi(first); err != nil || seconds < 0 || seconds > 3600 {
			return fmt.Sprintf("WSGICtlDrain takes whole seconds from 0 to 3600, not %q", first)
		}
	case d.Is("WSGICtlFolder") && len(d.Words()) > 1 && !isSize(d.Word(1)):
		return fmt.Sprintf("WSGICtlFolder takes a size in bytes after the path, not %q", d.Word(1))
	case d.Is("WSGICtlSpool") && !isSize(first):
		return fmt.Sprintf("WSGICtlSpool takes a size in bytes, not %q", first)
	case d.Is("WSGICtlBodyFirst"):
		return bodyFirstRefuses(first, d.Words())
	}
	return ""
}

func bodyFirstRefuses(first string, words []string) string {
	isOff := strings.EqualFold(first, "off")
	switch {
	case len(words) > 1 && (isOff || !strings.EqualFold(words[1], "chunked")):
		return fmt.Sprintf("WSGICtlBodyFirst takes \"chunked\" after On or a size, not %q", strings.Join(words, " "))
	case !isOff && !strings.EqualFold(first, "on") && !isSize(first):
		return fmt.Sprintf("WSGICtlBodyFirst takes On, Off or a size in bytes, not %q", first)
	}
	return ""
}

func isSize(word string) bool {
	size, err := strconv.ParseInt(word, 10, 64)
	return err == nil && size >= 0 && word[0] != '+'
}
