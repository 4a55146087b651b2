package wsgi

import (
	"fmt"
	"math/rand/v2"
	"path"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// TestGrantsAreThoseOfTheInnermostFolder holds the index of a host's sections
// against going through all of them.
func TestGrantsAreThoseOfTheInnermostFolder(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(4, 4))
	granted := 0
	for range 200 {
		var configuration strings.Builder
		configuration.WriteString("<VirtualHost *:80>\n")
		for range 8 {
			name := randomPath(random) + []string{"", "", "/", "/*"}[random.IntN(4)]
			inner := []string{"Require all granted\n", "Require all denied\n", "Options None\n", "<IfModule other_module>\nRequire all granted\n</IfModule>\n"}[random.IntN(4)]
			fmt.Fprintf(&configuration, "<Directory %s>\n%s</Directory>\n", name, inner)
		}
		configuration.WriteString("</VirtualHost>\n")
		config := conf.ReadSource("t.conf", configuration.String(), conf.Options{Modules: []conf.Module{Module(modwsgi.Newest)}})
		s := Look(config, modwsgi.Newest, nil).Servers[1]
		for range 20 {
			folder := randomPath(random)
			got, want := s.Grants(folder), eachGrants(s, folder)
			if got != want {
				t.Errorf("%s is granted: %v, want %v in\n%s", folder, got, want, configuration.String())
			}
			if want {
				granted++
			}
		}
	}
	if granted < 100 {
		t.Errorf("only %d folders are granted", granted)
	}
}

func eachGrants(s *Server, folder string) bool {
	inner, grants := "", false
	folder = path.Clean(folder)
	for section := range s.Server.Server.Directives() {
		if !section.Is("<Directory") || section.Unknown != nil {
			continue
		}
		name := strings.TrimRight(path.Clean(section.Word(0)), "/")
		if below, ok := strings.CutPrefix(folder, name); ok && (below == "" || below[0] == '/') && len(name) >= len(inner) && isLiteral(name) {
			inner, grants = name, accessOf(section) == granted
		}
	}
	return grants
}
