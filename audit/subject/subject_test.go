package subject

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/installed"
)

// layOut writes files below a folder, which it gives.
func layOut(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestLookTakesEachKindOfName looks at a file, a server root and a repository, and has
// the configurations of each; a folder without any is refused.
func TestLookTakesEachKindOfName(t *testing.T) {
	t.Parallel()
	dir := layOut(t, map[string]string{
		"site.conf":             "Listen 80\n",
		"server/httpd.conf":     "Listen 80\n",
		"code/.git/HEAD":        "ref: refs/heads/main\n",
		"code/deploy/a.conf":    "WSGIScriptAlias / /srv/a.wsgi\nInclude b.conf\n",
		"code/deploy/b.conf":    "WSGIDaemonProcess b\n",
		"code/deploy/c.conf":    "WSGIDaemonProcess c\n",
		"empty/readme.txt":      "nothing\n",
		"both/.git/HEAD":        "ref: refs/heads/main\n",
		"both/httpd.conf":       "WSGIDaemonProcess d\n",
		"both/sub/another.conf": "WSGIDaemonProcess e\n",
	})
	for name, test := range map[string]struct {
		files  []string // that configurations begin in
		folder string
	}{
		"site.conf": {[]string{"site.conf"}, ""},
		"server":    {[]string{"server/httpd.conf"}, "server"},
		"code":      {[]string{"code/deploy/a.conf", "code/deploy/c.conf"}, "code"},
		"both":      {[]string{"both/httpd.conf", "both/sub/another.conf"}, "both"},
		"empty":     {nil, "empty"},
	} {
		s := Subject{Names: []installed.Named{{
			Name: filepath.Join(dir, name), Envvars: os.DevNull, Server: func() (*installed.Apache, error) { return nil, nil },
		}}, Say: func(string) {}}
		views, err := s.Look(t.Context())
		if test.files == nil {
			if !errors.As(err, new(*installed.RequestError)) || !strings.Contains(err.Error(), "no server root, and no Apache configuration in it or below") {
				t.Errorf("%s: error %v", name, err)
			}
			continue
		}
		var files []string
		for _, view := range views {
			relative, _ := filepath.Rel(dir, view.Config.Files[0].Name)
			files = append(files, relative)
		}
		if diff := cmp.Diff(test.files, files); diff != "" || err != nil {
			t.Errorf("%s: error %v (-want +got)\n%s", name, err, diff)
		}
		if folder, err := s.Folder(); err != nil || folder != filepath.Join(dir, test.folder) {
			t.Errorf("%s is all in %s, error %v", name, folder, err)
		}
	}
}

// TestWithTextsLeavesTheSubjectAlone reads a text in the place of a file, and the file
// itself without it.
func TestWithTextsLeavesTheSubjectAlone(t *testing.T) {
	t.Parallel()
	file := filepath.Join(layOut(t, map[string]string{"site.conf": "Listen 80\n"}), "site.conf")
	s := Subject{Names: []installed.Named{{Name: file, Envvars: os.DevNull, Server: func() (*installed.Apache, error) { return nil, nil }}}, Say: func(string) {}}
	for want, subject := range map[string]Subject{"Listen 81\n": s.WithTexts(map[string]string{file: "Listen 81\n"}), "Listen 80\n": s} {
		views, err := subject.Look(t.Context())
		if err != nil || views[0].Config.Files[0].Source != want {
			t.Errorf("want %q, error %v", want, err)
		}
	}
}
