package fix

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/audit/subject"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/httpd/installed"
)

// TestHTTPDIsGivenTheServerRoot asks httpd about a configuration whose relative paths
// begin at a folder that was named, as the audit reads them.
func TestHTTPDIsGivenTheServerRoot(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	_, text, _ := strings.Cut(s.Base(), "\n") // without its own ServerRoot
	if !strings.HasPrefix(s.Base(), "ServerRoot ") {
		t.Fatalf("no ServerRoot in %s", s.Base())
	}
	main := s.Write("main/httpd.conf", text+"Include sites/site.conf\n")
	s.Write("root/sites/site.conf", "# nothing\n")
	apache, err := installed.Look(t.Context(), "", httpdtest.Program(t))
	if err != nil {
		t.Fatal(err)
	}
	named := installed.Named{
		Name: main, ServerRoot: filepath.Join(s.Root, "root"), Envvars: os.DevNull,
		Server: func() (*installed.Apache, error) { return apache, nil },
	}
	request := Request{Subject: subject.Subject{Names: []installed.Named{named}, Say: func(text string) { t.Error(text) }}}
	if refusal, err := request.askHTTPD(t.Context(), request.Subject.Say); refusal != nil || err != nil {
		t.Errorf("refused: %v, error %v", refusal, err)
	}
}
