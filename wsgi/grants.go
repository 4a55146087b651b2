package wsgi

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// Grants tells whether the innermost section of a virtual host for a folder lets
// somebody in, as mostly: what applies to the request need not be looked up then.
func (s *Server) Grants(folder string) bool {
	if !s.Server.Server.IsVirtual() {
		return false
	}
	inner, grants := "", false
	for section := range s.Server.Server.Directives() {
		if !section.Is("<Directory") || section.Unknown != nil {
			continue
		}
		name := strings.TrimRight(section.Word(0), "/")
		if below, ok := strings.CutPrefix(folder, name); ok && (below == "" || below[0] == '/') && len(name) >= len(inner) && isLiteral(name) {
			inner, grants = name, hasGrant(section)
		}
	}
	return grants
}

func hasGrant(section *conf.Directive) bool {
	for d := range section.Children() {
		if d.Is("Require") && d.Unknown == nil && !request.RequiresAll(d, "denied") {
			return true
		}
	}
	return false
}
