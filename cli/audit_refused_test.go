package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// refusing is an httpd that refuses any configuration with a request-timeout,
// and is the real one else.
const refusing = `#!/bin/sh
for word in "$@"; do
	if [ "$word" = -t ] && grep -q request-timeout "$SITE"; then
		echo "AH00526: Syntax error on line 1 of $SITE:" >&2
		exit 1
	fi
done
exec "$HTTPD" "$@"
`

// TestFixThatHTTPDRefusesIsPutBack fixes a configuration that httpd does not
// accept any more then, although nothing that the audit knows is wrong with it.
func TestFixThatHTTPDRefusesIsPutBack(t *testing.T) {
	s := httpdtest.New(t)
	site := s.Write("site.conf", "WSGIDaemonProcess shop user=daemon\r\n<VirtualHost *:80>\n\tWSGIScriptAlias / /srv/shop.wsgi  process-group=shop\n</VirtualHost>")
	main := s.Write("httpd.conf", s.Base()+s.LoadModule("4.9.4")+fmt.Sprintf("Include %q\n", site))
	program := s.Write("bin/apache2", refusing)
	for name, mode := range map[string]os.FileMode{site: 0o604, program: 0o755} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	if os.Getuid() == 0 {
		if err := os.Chown(site, 0, 2); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("SITE", site)
	t.Setenv("HTTPD", httpdtest.Program(t))
	t.Setenv("PATH", filepath.Dir(program)+string(filepath.ListSeparator)+os.Getenv("PATH"))
	before := stateOf(t, site)
	command := auditCommand{Paths: []string{main}, Format: "text", fixFlags: fixFlags{Fix: true, UnsafeFixes: true}}
	out := &strings.Builder{}
	err := command.Run(context.Background(), &streams{stdout: out, stderr: out}, nil)
	if err == nil || !strings.Contains(err.Error(), "httpd refuses the fixed configuration") ||
		!strings.Contains(err.Error(), "Syntax error on line 1 of "+site) || !strings.Contains(err.Error(), "all was put back as it was before") {
		t.Errorf("error %v\n%s", err, out)
	}
	if diff := cmp.Diff(before, stateOf(t, site)); diff != "" {
		t.Errorf("the file (-before +after):\n%s", diff)
	}
	if entries, err := os.ReadDir(s.Root); err != nil || len(entries) != 4 {
		t.Errorf("%v, left behind: %v", err, entries)
	}
}

// TestFixKeepsServersStarting fixes configurations in which more than the line
// at fault counts, and asks httpd.
func TestFixKeepsServersStarting(t *testing.T) {
	t.Parallel()
	for name, site := range map[string]string{
		"a group that is declared below its alias": "WSGIScriptAlias / /srv/shop.wsgi process-group=shop\nWSGIDaemonProcess shop user=daemon\n",
		"a hidden alias to preload":                "WSGIScriptAlias / /srv/a.wsgi\nWSGIDaemonProcess shop user=daemon\nWSGIScriptAlias /shop /srv/b.wsgi process-group=shop application-group=%{GLOBAL}\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httpdtest.New(t)
			main := s.Write("httpd.conf", s.Base()+s.LoadModule("6.1.1")+site)
			command := auditCommand{Paths: []string{main}, Format: "text", fixFlags: fixFlags{Fix: true, UnsafeFixes: true}}
			out := &strings.Builder{}
			if err := command.Run(context.Background(), &streams{stdout: out, stderr: out}, nil); err != nil && !errors.Is(err, errFindings) {
				t.Errorf("%v\n%s", err, out)
			}
			if text, err := os.ReadFile(main); err != nil || !strings.Contains(string(text), "request-timeout") {
				t.Errorf("%v, nothing was fixed: %s", err, text)
			}
		})
	}
}

// stateOf is all of a file that a fix must keep.
func stateOf(t *testing.T, name string) string {
	t.Helper()
	info, err := os.Lstat(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	owner := info.Sys().(*syscall.Stat_t)
	return fmt.Sprintf("%v %d:%d %q", info.Mode(), owner.Uid, owner.Gid, text)
}
