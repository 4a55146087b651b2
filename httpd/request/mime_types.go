package request

import (
	"path"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// mimeTypes are the extensions that the file of TypesConfig gives a type.
type mimeTypes struct {
	once       sync.Once
	extensions map[string]bool // in lower case
	unknown    *Doubt          // nil where the file was read, or there is none
}

// hasType tells whether the file of TypesConfig gives an extension a type,
// whatever AddType says.
func (r located) hasType(extension string) bool {
	types := r.server.mimeTypes()
	if types.unknown == nil {
		return types.extensions[strings.ToLower(extension)]
	}
	doubt := *types.unknown
	doubt.Reason = Unknown{Kind: TypedExtension, Subject: extension, Why: doubt.Reason}
	return r.assume(doubt)
}

// mimeTypes reads the file of the main server: that of a virtual host counts for
// nothing (mime_post_config).
func (s *Server) mimeTypes() *mimeTypes {
	main := s
	if s.Main != nil {
		main = s.Main
	}
	types := &s.Httpd.types
	types.once.Do(func() { types.read(s.Httpd.Config, main.Last("TypesConfig")) })
	return types
}

func (m *mimeTypes) read(config *conf.Config, d *conf.Directive) {
	switch {
	case config.HasModule("mime_module") == expr.False:
		return
	case d == nil:
		m.unknown = &Doubt{Reason: Unknown{Kind: NoTypesConfig}, likely: true}
		return
	}
	name := d.Word(0)
	if !path.IsAbs(name) {
		name = path.Join(config.ServerRoot, name)
	}
	if name == "/dev/null" {
		return
	}
	text, err := config.ReadFile(name, maxTypes)
	if err != nil {
		m.unknown = &Doubt{By: d, Reason: Unknown{Kind: FileUnread, Subject: err.Error()}, likely: true}
		return
	}
	m.extensions = parseMimeTypes(text)
}

// parseMimeTypes reads lines of a type and its extensions.
func parseMimeTypes(text string) map[string]bool {
	extensions := map[string]bool{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, word := range afterFirst(strings.Fields(line)) {
			extensions[strings.ToLower(word)] = true
		}
	}
	return extensions
}
