package express_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/templates"
)

func TestParseReadsAsOptparse(t *testing.T) {
	t.Parallel()
	environment := func(name string) (string, bool) {
		value, ok := map[string]string{"HOME": "/home/ada", "PORT": "81"}[name]
		return value, ok
	}
	for _, test := range []struct {
		name string
		args []string
		want func(*express.Command)
	}{
		{"a value in the next word", []string{"--port", "81"}, func(c *express.Command) { c.Port = 81 }},
		{"a value behind =", []string{"--port=81"}, func(c *express.Command) { c.Port = 81 }},
		{"a value that looks like an option", []string{"--setenv", "A", "--port"}, func(c *express.Command) { c.Setenv = []templates.Variable{{Key: "A", Value: "--port"}} }},
		{"the first of two values behind =", []string{"--url-alias=/s", "static"}, func(c *express.Command) { c.URLAlias = []templates.Alias{{URL: "/s", Path: "static"}} }},
		{"the last of two", []string{"--port", "1", "--port", "2"}, func(c *express.Command) { c.Port = 2 }},
		{"a repeated option", []string{"--server-alias", "a", "--server-alias", "b"}, func(c *express.Command) { c.ServerAliases = []string{"a", "b"} }},
		{"a beginning of one name only", []string{"--reload-on"}, func(c *express.Command) { c.ReloadOnChanges = true }},
		{"a beginning that an option of our own has too", []string{"--ve"}, func(c *express.Command) { c.VerboseDebugging = true }},
		{"a name that is the beginning of another", []string{"--host", "::1"}, func(c *express.Command) { c.Host = "::1" }},
		{"a hidden alias", []string{"--ssl-port", "443"}, func(c *express.Command) { c.HTTPSPort = 443 }},
		{"a hexadecimal number", []string{"--port", "0x50"}, func(c *express.Command) { c.Port = 80 }},
		{"variables", []string{"--port", "$PORT", "${HOME}/a.wsgi", "$NONE"}, func(c *express.Command) {
			c.Port, c.Args = 81, []string{"/home/ada/a.wsgi", "$NONE"}
		}},
		{"arguments among options", []string{"a.wsgi", "--http2"}, func(c *express.Command) { c.HTTP2, c.Args = true, []string{"a.wsgi"} }},
		{"nothing but arguments behind --", []string{"--", "--http2"}, func(c *express.Command) { c.Args = []string{"--http2"} }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := express.Parse(test.args, environment)
			if err != nil {
				t.Fatal(err)
			}
			want, err := express.Parse(nil, environment)
			if err != nil {
				t.Fatal(err)
			}
			test.want(&want)
			if diff := cmp.Diff(want.Options, got.Options); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(want.Args, got.Args); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, word := range []string{"-h", "--help", "--hel"} {
		if _, err := express.Parse([]string{word}, environment); !errors.Is(err, express.ErrHelp) {
			t.Errorf("%s: error %v, want ErrHelp", word, err)
		}
	}
}
