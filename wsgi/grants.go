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
	s.grantsOnce.Do(func() { s.grants = s.grantsByFolder() })
	for end := len(folder); end >= 0; end-- {
		if end < len(folder) && folder[end] != '/' {
			continue
		}
		if grants, known := s.grants[folder[:end]]; known {
			return grants
		}
	}
	return false
}

// grantsByFolder tells of each folder, written without slashes at its end, whether
// its last section lets somebody in.
func (s *Server) grantsByFolder() map[string]bool {
	grants := map[string]bool{}
	for section := range s.Server.Server.Directives() {
		if !section.Is("<Directory") || section.Unknown != nil {
			continue
		}
		if name := strings.TrimRight(section.Word(0), "/"); isLiteral(name) {
			grants[name] = hasGrant(section)
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
