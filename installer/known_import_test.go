package installer_test

import (
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
)

// countsImports answers with the names of what was imported since the request
// before, its own "json" at the end of it.
const countsImports = `import builtins

names = []
original = builtins.__import__

def counted(name, *rest, **named):
    names.append(name)
    return original(name, *rest, **named)

builtins.__import__ = counted

def application(environ, start_response):
    import json
    start_response("200 OK", [])
    body = " ".join(names).encode()
    names.clear()
    return [body]
`

// TestRequestsImportNoModuleThatIsThere serves from modules of several releases,
// compilers and words. Without the function that the linker puts in, a request
// imports mod_wsgi five times in 4.9 and eleven times in 6.1.
func TestRequestsImportNoModuleThatIsThere(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		release, cc, cflags string
	}{
		"4.9.4":                  {"4.9.4", "", ""},
		"6.1.1":                  {"6.1.1", "", ""},
		"clang":                  {"5.0.2", "clang", ""},
		"link-time optimisation": {"5.0.2", "gcc", "-O3 -flto"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(test.cc); test.cc != "" && err != nil {
				needtest.Missing(t, "%v", err)
			}
			builder := httpdtest.Builder(t)
			builder.Getenv = func(name string) string { return map[string]string{"CC": test.cc, "CFLAGS": test.cflags}[name] }
			module, err := builder.Module(t.Context(), httpdtest.Archive(t, test.release))
			if err != nil {
				t.Fatal(err)
			}
			server := httpdtest.New(t)
			server.Start(`LoadModule wsgi_module "` + module + `"
WSGISocketPrefix "` + server.Root + `/wsgi"
WSGIRestrictEmbedded On
WSGIDaemonProcess counted threads=1
WSGIScriptAlias / "` + server.Write("counted.wsgi", countsImports) + `" process-group=counted application-group=%{GLOBAL}
<Directory "` + server.Root + `">
  Require all granted
</Directory>
`)
			for range 3 { // the first one is still among the imports of the start
				server.Get("127.0.0.1", "/")
			}
			if _, body := server.Get("127.0.0.1", "/"); body != "json" {
				t.Error(cmp.Diff("json", body))
			}
		})
	}
}
