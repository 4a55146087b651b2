package modwsgictl_test

import (
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// TestDirectivesTakeWhatIsDocumented and nothing else.
func TestDirectivesTakeWhatIsDocumented(t *testing.T) {
	t.Parallel()
	for line, wrong := range map[string]string{
		"WSGICtlDrain 0\n":    "",
		"WSGICtlDrain 3600\n": "",
		"WSGICtlDrain 3601\n": `takes whole seconds from 0 to 3600, not "3601"`,
		"WSGICtlDrain -1\n":   `takes whole seconds from 0 to 3600, not "-1"`,
		"WSGICtlDrain 2s\n":   `takes whole seconds from 0 to 3600, not "2s"`,
		"<VirtualHost *>\nWSGICtlDrain 2\n</VirtualHost>\n": "cannot occur within",

		"WSGICtlReloadOn here/now\n":                             "",
		"WSGICtlReloadOn a b\n":                                  "takes one argument",
		"<VirtualHost *>\nWSGICtlReloadOn now\n</VirtualHost>\n": "cannot occur within",

		"WSGICtlFolder kept\n":                                  "",
		"WSGICtlFolder kept 100000000\n":                        "",
		"WSGICtlFolder kept 1G\n":                               `takes a size in bytes after the path, not "1G"`,
		"<VirtualHost *>\nWSGICtlFolder kept\n</VirtualHost>\n": "cannot occur within",

		"WSGICtlBodyFirst On\n":                                    "",
		"WSGICtlBodyFirst off\n":                                   "",
		"WSGICtlBodyFirst 0\n":                                     "",
		"WSGICtlBodyFirst 1000000 chunked\n":                       "",
		"<VirtualHost *>\nWSGICtlBodyFirst Off\n</VirtualHost>\n":  "",
		"<Location />\nWSGICtlBodyFirst On chunked\n</Location>\n": "",
		"WSGICtlBodyFirst maybe\n":                                 `takes On, Off or a size in bytes, not "maybe"`,
		"WSGICtlBodyFirst 1M\n":                                    `takes On, Off or a size in bytes, not "1M"`,
		"WSGICtlBodyFirst -1\n":                                    `takes On, Off or a size in bytes, not "-1"`,
		"WSGICtlBodyFirst On whole\n":                              `takes "chunked" after On or a size, not "On whole"`,
		"WSGICtlBodyFirst Off chunked\n":                           `takes "chunked" after On or a size, not "Off chunked"`,

		"WSGICtlSpool 0\n": "",
		"<Location />\nWSGICtlSpool 1000000\n</Location>\n": "",
		"WSGICtlSpool 1M\n": `takes a size in bytes, not "1M"`,
		"WSGICtlSpool -1\n": `takes a size in bytes, not "-1"`,
	} {
		s := httpdtest.New(t)
		_, _, reported, err := s.Ask(load(t, s) + line)
		if (err == nil) != (wrong == "") || !strings.Contains(reported, wrong) {
			t.Errorf("%q: %v\n%s", line, err, reported)
		}
	}
}
