package httpdtest_test

import (
	"net/http"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

func TestServerAnswersAndStops(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	s.Write("htdocs/hello.txt", "hello\n")
	s.Start("DocumentRoot \"" + s.Root + "/htdocs\"\n<Directory \"" + s.Root + "/htdocs\">\nRequire all granted\n</Directory>\n")
	if status, body := s.Get("", "/hello.txt"); status != http.StatusOK || body != "hello\n" {
		t.Fatalf("GET /hello.txt: status %d, body %q", status, body)
	}
	s.Stop()
	if _, err := http.Get(s.URL); err == nil {
		t.Error("the server still answers after Stop")
	}
}

func TestCheckTellsWhatHTTPDSays(t *testing.T) {
	t.Parallel()
	httpdtest.Program(t)
	if err := httpdtest.Check("DocumentRoot /\n"); err != nil {
		t.Error(err)
	}
	if err := httpdtest.Check("NoSuchDirective\n"); err == nil {
		t.Error("an unknown directive was accepted")
	}
}
