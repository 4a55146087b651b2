package wsgi

import (
	"path"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// access is what a Directory section says of who gets in.
type access int

const (
	unsaid  access = iota // it may not be in effect, or is for what a pattern matches
	granted               // somebody, as far as the section alone tells
	none
)

func accessOf(section *conf.Directive) access {
	if section.Unknown != nil || !isLiteral(section.Word(0)) {
		return unsaid
	}
	for d := range section.Children() {
		if d.Is("Require") && d.Unknown == nil && !request.RequiresAll(d, "denied") {
			return granted
		}
	}
	return none
}

// Grants tells whether the innermost section of a virtual host for a folder lets
// somebody in, as mostly: what applies to the request need not be looked up then.
func (s *Server) Grants(folder string) bool {
	if !s.Server.Server.IsVirtual() {
		return false
	}
	at := path.Clean(folder)
	for {
		if access := s.accessTo(at); access != unsaid {
			return access == granted
		}
		slash := strings.LastIndexByte(at, '/')
		if slash < 0 || at == "/" {
			return false
		}
		at = at[:max(slash, 1)]
	}
}

// accessTo is what the last section for a folder says that says anything.
func (s *Server) accessTo(folder string) (last access) {
	at, _ := s.folders.search(folder)
	for ; at < len(s.folders.entries) && s.folders.entries[at].path == folder; at++ {
		if number := access(s.folders.entries[at].number); number != unsaid {
			last = number
		}
	}
	return last
}
