package wsgi

import "github.com/wsgictl/wsgictl/httpd/conf"

// Import is one WSGIImportScript: a script that is loaded when a process
// starts.
type Import struct {
	*conf.Directive
	Script  string
	Server  *conf.Server
	Options conf.RawOptions
}

func newImport(d *conf.Directive, s *conf.Server) *Import {
	words, options, _ := conf.SplitRaw(d.Args, 1)
	i := &Import{Directive: d, Server: s, Options: options}
	if len(words) > 0 {
		i.Script, i.Options = words[0], options.BehindName(words[0], scriptExtensions...)
	}
	return i
}
