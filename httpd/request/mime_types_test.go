package request_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// TestTypesOfFiles has MultiViews find about.html where the file of TypesConfig
// tells of it, and tell nothing for certain where that file is not here.
func TestTypesOfFiles(t *testing.T) {
	t.Parallel()
	const found, none = "handler of plain files", "MultiViews can serve none of the files of that name: httpd answers 404"
	for _, test := range []struct {
		name, configuration string
		want                []string
	}{
		{"listed", "TypesConfig /etc/mime.types", []string{found}},
		{"below ServerRoot", "ServerRoot /etc\nTypesConfig mime.types", []string{found}},
		{"not listed", "TypesConfig /etc/few.types", []string{none}},
		{"in a comment", "TypesConfig /etc/comment.types", []string{none}},
		{"of no file", "TypesConfig /dev/null", []string{none}},
		{"the last line counts", "TypesConfig /etc/mime.types\nTypesConfig /etc/few.types", []string{none}},
		{"AddType", "TypesConfig /etc/few.types\nAddType text/html .html", []string{found}},
		{"not here", "TypesConfig /etc/none.types", []string{none, found}},
		{"not said", "", []string{none, found}},
		{"not here, and AddType", "TypesConfig /etc/none.types\nAddType text/html .html", []string{found}},
		{"mod_mime is not loaded", "Listen 80\nLoadModule mpm_event_module m.so\nLoadModule negotiation_module n.so\nLoadModule unixd_module u.so", []string{none}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			for name, text := range map[string]string{
				"etc/mime.types": "text/html\t\thtml HTM\n", "etc/few.types": "# text/html html\ntext/css css\ntext/html\n", "etc/comment.types": "#text/html html\n",
				"srv/about.html": "",
			} {
				file := filepath.Join(root, name)
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			configuration := test.configuration + "\nDocumentRoot /srv\n<Directory /srv>\nOptions +MultiViews\n</Directory>\n"
			config := conf.ReadSource("/etc/t.conf", configuration, conf.Options{Root: root})
			s := &request.Server{Server: config.Main(), Httpd: request.New(config, someModule), Level: slices.Collect(config.Directives())}
			client, err := request.ParseURL("http://x/about")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			s.Follow(client, func(outcome request.Outcome) { got = append(got, summary(outcome)) })
			slices.Sort(got)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
		})
	}
}
