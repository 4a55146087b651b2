package conf_test

import (
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// TestPerlCodeIsNotRead reads code whose lines look like directives, as
// Debian's request-tracker5 ships it.
func TestPerlCodeIsNotRead(t *testing.T) {
	t.Parallel()
	const code = "<Perl>\n  use Plack::Handler::Apache2;\n  <VirtualHost *:80>\n  Define A\n</Perl>\n"
	for name, test := range map[string]struct {
		text   string
		errors int
	}{
		"in a part of a configuration": {code + "ServerName a\n", 0},
		"with mod_perl":                {"LoadModule perl_module m.so\nLoadModule authz_core_module a.so\nListen 80\n" + code, 0},
		"without its end":              {"<perl >\nuse strict;\n", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := conf.ReadSource("a.conf", test.text, conf.Options{})
			if len(config.Errors()) != test.errors {
				t.Errorf("errors %v, want %d", config.Errors(), test.errors)
			}
			if config.Defined["A"] == expr.True {
				t.Error("the code was carried out")
			}
		})
	}
	config := conf.ReadSource("a.conf", "LoadModule authz_core_module a.so\nListen 80\n"+code, conf.Options{})
	if len(config.Errors()) == 0 {
		t.Error("no error without mod_perl")
	}
}
