package wsgi_test

import (
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/wsgi"
)

// needed are lines that need something of the host, ROOT standing for the
// server's folder, and whether httpd finds it there.
var needed = []struct {
	line  string
	there bool
}{
	{"User no-such-user", false},
	{"User #54321", true},
	{"Group no-such-group", false},
	{"Group #54321", true},
	{"WSGIDaemonProcess a user=no-such-user", false},
	{"WSGIDaemonProcess a user=daemon group=daemon", true},
	{"WSGIDaemonProcess a user=#54321", false},
	{"WSGIDaemonProcess a user=#1 group=#54321", true},
	{"WSGIDaemonProcess a group=no-such-group", false},
	{"WSGIDaemonProcess a supplementary-groups=daemon,no-such-group", false},
	{"WSGIDaemonProcess a supplementary-groups=daemon,#54321", true},
	{"WSGIDaemonProcess a script-user=no-such-user", false},
	{"WSGIDaemonProcess a script-user=#54321", false},
	{"WSGIDaemonProcess a script-group=#54321", false},
	{"WSGIDaemonProcess a script-group=#1", true},
	{"WSGIDaemonProcess a socket-user=#54321", false},
	{"WSGIDaemonProcess a python-home=/no/such/venv home=/no/such/home", true},
	{"SSLCertificateFile none.pem", false},
	{"SSLCertificateFile ROOT/some.pem", true},
	{"SSLCertificateFile empty.pem", false},
	{"SSLCertificateFile htdocs", false},
	{"<VirtualHost *:443>\nSSLCertificateKeyFile ROOT/none/key.pem\n</VirtualHost>", false},
	{"SSLCACertificatePath none", false},
	{"SSLCACertificatePath htdocs", true},
	{"ErrorLog none/error.log", false},
	{"ErrorLog none/error.log\nErrorLog htdocs/error.log", true},
	{"ErrorLog syslog", true},
	{"ErrorLog \"|/bin/cat\"", true},
	{"<VirtualHost *:80>\nErrorLog ROOT/none/error.log\n</VirtualHost>", false},
	{"CustomLog none/access.log common", false},
	{"CustomLog htdocs/access.log common", true},
	{"TransferLog none/access.log", false},
	{"DocumentRoot none", false},
	{"DocumentRoot htdocs", true},
	{"<VirtualHost *:80>\nDocumentRoot none\n</VirtualHost>", true},
	{"CoreDumpDirectory none", false},
	{"TypesConfig none/mime.types", false},
	{"RemoteIPInternalProxyList none", false},
	{"RewriteMap a txt:ROOT/none.txt", false},
	{"RewriteMap a ROOT/none.txt", false},
	{"RewriteMap a rnd:ROOT/some.pem", true},
	{"RewriteMap a int:tolower", true},
	{"LoadModule dav_module ROOT/none/mod_dav.so", false},
}

// TestWhatTheHostLacksIsWhatHTTPDLacks asks httpd to test each line, and to
// start where a test does not look.
func TestWhatTheHostLacksIsWhatHTTPDLacks(t *testing.T) {
	t.Parallel()
	for _, n := range needed {
		t.Run(n.line, func(t *testing.T) {
			t.Parallel()
			server := httpdtest.New(t)
			server.Write("some.pem", "a b\n")
			server.Write("empty.pem", "")
			server.Write("htdocs/page.txt", "fine")
			configuration := server.LoadModule("6.1.1") + strings.ReplaceAll(n.line, "ROOT", server.Root) + "\n"
			file, _, reported, err := server.Ask(configuration)
			if err == nil && !n.there {
				reported, err = tryToStart(t, file)
			}
			if accepted := err == nil; accepted != n.there {
				t.Errorf("httpd accepts it: %v: %s", accepted, reported)
			}
			for _, scope := range []conf.Scope{conf.Whole, conf.ByContent} {
				found := lacking(t, file, conf.Options{Scope: scope, Static: server.BuiltIn(), ServerRoot: server.Root})
				if n.there != (len(found) == 0) {
					t.Errorf("scope %d finds %v", scope, found)
				}
			}
		})
	}
}

// lacking are the errors of a configuration, what the host lacks among them.
func lacking(t *testing.T, file string, options conf.Options) []conf.Diagnostic {
	t.Helper()
	options.Modules = []conf.Module{wsgi.Module(modwsgi.Release{})}
	config, err := conf.Read(file, options)
	if err != nil {
		t.Fatal(err)
	}
	return append(config.Errors(), config.Missing()...)
}

// tryToStart starts a server that should not come up. One that does is ended.
func tryToStart(t *testing.T, file string) (reported string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, httpdtest.Program(t), "-f", file, "-DFOREGROUND")
	trust.EndWhole(command)
	output, err := command.CombinedOutput()
	if ctx.Err() != nil {
		return "the server started", nil
	}
	return string(output), err
}
