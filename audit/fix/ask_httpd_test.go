package fix

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/audit/subject"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/needtest"
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

// TestHTTPDIsNotAskedAsRootAboutWhatIsNotKnown says what is not known, and the command
// for who wants to ask all the same.
func TestHTTPDIsNotAskedAsRootAboutWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	needtest.Root(t)
	s := httpdtest.New(t)
	main := s.Write("httpd.conf", s.Base()+"WSGIDaemonProcess shop\n")
	apache, err := installed.Look(t.Context(), "", httpdtest.Program(t))
	if err != nil {
		t.Fatal(err)
	}
	named := installed.Named{Name: main, Envvars: os.DevNull, Server: func() (*installed.Apache, error) { return apache, nil }}
	var said string
	request := Request{Subject: subject.Subject{Names: []installed.Named{named}, Say: func(text string) { said += text + "\n" }}}
	if refusal, err := request.askHTTPD(t.Context(), request.Subject.Say); refusal != nil || err != nil {
		t.Errorf("refused: %v, error %v", refusal, err)
	}
	for _, want := range []string{
		" -t is not run on " + main, "not known in full, since " + main + ":", "has an error: Invalid command 'WSGIDaemonProcess'", "run it yourself: " + apache.Path + " -t -f " + main + " -d " + s.Root + "\n",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said:\n%s", want, said)
		}
	}
}
