package audit

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/trusttest"
	"github.com/wsgictl/wsgictl/wsgi"
)

// TestCodeThatOthersCanChangeIsFound looks at projects on this machine: one that is
// its owner's, and others that anybody, or a folder's owner too, can change.
func TestCodeThatOthersCanChangeIsFound(t *testing.T) {
	t.Parallel()
	dir := trusttest.Folder(t)
	for name, mode := range map[string]os.FileMode{"own": 0o755, "open": 0o777} {
		folder := filepath.Join(dir, name)
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "app.wsgi"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(folder, mode); err != nil {
			t.Fatal(err)
		}
	}
	source := "WSGIDaemonProcess shop python-home=" + dir + "/open\n" +
		"WSGIScriptAlias /own " + dir + "/own/app.wsgi process-group=shop\n" +
		"WSGIScriptAlias /open " + dir + "/open/app.wsgi process-group=shop\n"
	view := wsgi.Look(conf.ReadSource("a.conf", source, conf.Options{}), modwsgi.Newest, nil)
	settings := Settings{Select: []string{"WC223"}}
	if found := Run(view, settings).Findings; len(found) > 0 {
		t.Errorf("of another machine: %v", found[0].Message)
	}
	view.Start = &installed.Start{}
	var said []string
	for _, f := range Run(view, settings).Findings {
		said = append(said, f.Message)
	}
	if len(said) != 2 || !strings.HasPrefix(said[0], "the virtualenv "+dir+"/open can be changed by more than its owner: ") || !strings.HasPrefix(said[1], "the script "+dir+"/open/app.wsgi can be") {
		t.Errorf("found %q", said)
	}
}
