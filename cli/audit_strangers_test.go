package cli

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/trusttest"
)

// telling is the source of a library that writes down as whom it is loaded.
const telling = `
#include <stdio.h>
#include <unistd.h>
__attribute__((constructor)) static void tell(void)
{
	FILE *told = fopen(%q, "a");
	if (told != NULL) {
		fprintf(told, "%%d\n", (int)geteuid());
		fclose(told);
	}
}
`

// TestFixTestsAsTheOwner fixes configurations that load a library which others
// can change, or could have: httpd loads it as its one owner, or not at all.
func TestFixTestsAsTheOwner(t *testing.T) {
	needtest.Root(t)
	const hers, his = 61001, 61002
	for name, test := range map[string]struct {
		library, site int    // owners
		want          string // of those who loaded it
		said          string
	}{
		"root's alone":          {0, 0, "0\n0\n", ""},
		"her library":           {hers, 0, "61001\n61001\n", ""},
		"her configuration":     {0, hers, "61001\n61001\n", ""},
		"hers":                  {hers, hers, "61001\n61001\n", ""},
		"her library, his site": {hers, his, "", "is not run on $DIR/httpd.conf: user 61001, user 61002 can change what it would read and load (WC213)"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := trusttest.TwoFolders(t)
			library, site, told := dir+"/roots/tell.so", dir+"/roots/site.conf", dir+"/told"
			compile := exec.Command("cc", "-shared", "-fPIC", "-o", library, "-x", "c", "-")
			compile.Stdin = strings.NewReader(fmt.Sprintf(telling, told))
			if output, err := compile.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
			main := dir + "/httpd.conf"
			text := fmt.Sprintf("ServerRoot %q\nServerName shop.example\nListen 127.0.0.1:%d\nErrorLog /dev/null\n%s%sLoadFile %q\nInclude %q\n",
				dir, httpdtest.FreePort(t), mpmFor(t), publicModule(t, dir), library, site)
			if err := errors.Join(os.WriteFile(site, []byte("WSGIDaemonProcess shop user=daemon\nWSGIScriptAlias / /srv/shop.wsgi process-group=shop\n"), 0o644),
				os.WriteFile(main, []byte(text), 0o644), os.WriteFile(told, nil, 0o666), os.Chmod(told, 0o666),
				os.Chown(library, test.library, 0), os.Chown(site, test.site, 0)); err != nil {
				t.Fatal(err)
			}
			command := auditCommand{Paths: []string{main}, Format: "text", fixFlags: fixFlags{Fix: true, UnsafeFixes: true}}
			out := &strings.Builder{}
			if err := command.Run(t.Context(), &streams{stdout: out, stderr: out}, nil); err != nil && !errors.Is(err, errFindings) {
				t.Errorf("%v\n%s", err, out)
			}
			if got := textOf(t, told); got != test.want {
				t.Errorf("loaded as %q, want %q\n%s", got, test.want, out)
			}
			if said := strings.ReplaceAll(test.said, "$DIR", dir); !strings.Contains(out.String(), said) || said == "" && strings.Contains(out.String(), "httpd cannot tell") {
				t.Errorf("not said: %q\n%s", said, out)
			}
			if !strings.Contains(textOf(t, site), "request-timeout") {
				t.Errorf("nothing was fixed:\n%s", out)
			}
		})
	}
}

// mpmFor loads an MPM where the httpd here has none built in.
func mpmFor(t *testing.T) string {
	t.Helper()
	var lines strings.Builder
	for line := range strings.Lines(httpdtest.New(t).Base()) {
		if strings.HasPrefix(line, "LoadModule ") && (strings.Contains(line, "mpm_") || strings.Contains(line, "authz_core") || strings.Contains(line, "unixd")) {
			lines.WriteString(line)
		}
	}
	return lines.String()
}

// publicModule loads a copy of mod_wsgi that others can read.
func publicModule(t *testing.T, dir string) string {
	t.Helper()
	module, err := os.ReadFile(httpdtest.Module(t, "6.1.1"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "mod_wsgi.so")
	if err := os.WriteFile(file, module, 0o644); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("LoadModule wsgi_module %q\n", file)
}
