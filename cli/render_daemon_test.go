package cli

import (
	"bytes"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// The layout of each Django project: the script is in a package, which it
// imports by its name.
func TestScriptInAPackageIsServed(t *testing.T) {
	t.Parallel()
	const settings, script = "NAME = 'shop'\n", `
import os
from shop import settings
def application(environ, start_response):
    start_response('200 OK', [])
    return [(settings.NAME + ' in ' + os.getcwd()).encode()]
`
	for name, files := range map[string]map[string]string{
		"package":             {"shop/__init__.py": ""},
		"package in packages": {"shop/__init__.py": "", "shop/deploy/__init__.py": ""},
		"beside manage.py":    {"manage.py": ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httpdtest.New(t)
			path := "src/shop/wsgi.py"
			for file, text := range files {
				s.Write("src/"+file, text)
				if filepath.Dir(file) == "shop/deploy" {
					path = "src/shop/deploy/wsgi.py"
				}
			}
			s.Write("src/shop/settings.py", settings)
			var configuration, messages bytes.Buffer
			args := []string{"render", "daemon", "shop", "--bare", "--mod-wsgi", "6.1.1", "--script", s.Write(path, script)}
			if code := run(t.Context(), args, &configuration, &messages); code != 0 {
				t.Fatalf("exit code %d\n%s", code, &messages)
			}
			s.Start(s.LoadModule("6.1.1") + configuration.String())
			want := "shop in " + filepath.Join(s.Root, "src")
			if status, body := s.Get("", "/"); status != http.StatusOK || body != want {
				t.Errorf("status %d, body %q, want %q\n%s\n%s", status, body, want, &configuration, s.ErrorLog())
			}
		})
	}
}
