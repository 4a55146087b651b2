package audit_test

import (
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// encodings answers with the encoding of names of files.
const encodings = `import sys
def application(environ, start_response):
    start_response('200 OK', [])
    return [sys.getfilesystemencoding().encode()]
`

// TestPythonTakesUTF8ItselfSince5 starts Apache with the locale C, as it is
// started as a rule.
func TestPythonTakesUTF8ItselfSince5(t *testing.T) {
	t.Setenv("LANG", "C")
	t.Setenv("LC_ALL", "C")
	for release, want := range map[string]struct {
		encoding string
		severity audit.Severity
	}{
		"4.9.4": {"ascii", audit.Warning},
		"5.0.2": {"utf-8", audit.Info},
		"6.1.1": {"utf-8", audit.Info},
	} {
		s := httpdtest.New(t)
		configuration := "WSGIDaemonProcess shop\nWSGIScriptAlias / " + s.Write("app.wsgi", encodings) + " process-group=shop application-group=%{GLOBAL}\n"
		s.Start(s.LoadModule(release) + configuration)
		if _, body := s.Get("", "/"); body != want.encoding {
			t.Errorf("mod_wsgi %s: encoding %s, want %s", release, body, want.encoding)
		}
		found := findingsInPart(t, "locale-unset", modwsgi.MustParseRelease(release), configuration)
		if len(found) != 1 || found[0].Severity != want.severity {
			t.Errorf("mod_wsgi %s: found %d, want 1 of severity %v", release, len(found), want.severity)
		}
		if len(findingsInPart(t, "locale-unset", modwsgi.MustParseRelease(release), strings.Replace(configuration, "shop", "shop lang=C.UTF-8", 1))) > 0 {
			t.Errorf("mod_wsgi %s: found with a locale", release)
		}
		s.Stop()
	}
}
