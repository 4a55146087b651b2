package audit

import "github.com/wsgictl/wsgictl/httpdconf"

// Import is one WSGIImportScript: a script that is loaded when a process
// starts.
type Import struct {
	*httpdconf.Directive
	Script  string
	Server  *httpdconf.Server
	Options Options
}

func newImport(d *httpdconf.Directive, s *httpdconf.Server) *Import {
	words, options, _ := splitOptions(d.Args, 1)
	i := &Import{Directive: d, Server: s, Options: options}
	if len(words) > 0 {
		i.Script = words[0]
	}
	return i
}
