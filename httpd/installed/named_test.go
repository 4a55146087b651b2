package installed

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/httpd/conf"
)

// TestNamedIsFound names configurations in each way below a root, and has the main file
// and the server root that follow from it.
func TestNamedIsFound(t *testing.T) {
	t.Parallel()
	root := hostOf(t, "ID=debian", "/etc/apache2/apache2.conf", "/srv/one/httpd.conf", "/srv/two/conf/httpd.conf", "/srv/site.conf")
	for name, test := range map[string]struct {
		named      Named
		file, root string
		refused    string
	}{
		"nothing":                {Named{}, "/etc/apache2/apache2.conf", "/etc/apache2", ""},
		"a file":                 {Named{Name: "/srv/site.conf"}, "/srv/site.conf", "/srv", ""},
		"a server root":          {Named{Name: "/srv/one"}, "/srv/one/httpd.conf", "/srv/one", ""},
		"one with a folder conf": {Named{Name: "/srv/two"}, "/srv/two/conf/httpd.conf", "/srv/two", ""},
		"a server root by hand":  {Named{Name: "/srv/site.conf", ServerRoot: "/opt"}, "/srv/site.conf", "/opt", ""},
		"what is not there":      {Named{Name: "/srv/none"}, "", "", "read /srv/none: no file, and no server root with one of "},
		"a folder":               {Named{Name: "/srv"}, "", "", "read /srv: a folder, and none of a server"},
	} {
		test.named.Root = root
		file, options, err := test.named.Locate()
		if test.refused != "" {
			if !errors.As(err, new(*RequestError)) || !strings.Contains(err.Error(), test.refused) {
				t.Errorf("%s: error %v", name, err)
			}
			continue
		}
		if err != nil || file != test.file || options.ServerRoot != test.root || options.Root != string(root) {
			t.Errorf("%s: %s of %s, error %v", name, file, options.ServerRoot, err)
		}
	}
}

// TestNamedIsTheServerHere takes what is known of the Apache of this host, where nothing
// is named.
func TestNamedIsTheServerHere(t *testing.T) {
	t.Parallel()
	here := &Apache{ConfigFile: "/etc/httpd/conf/httpd.conf", ServerRoot: "/etc/httpd", Version: "2.4.62", BuiltIn: []string{"core"}}
	file, options, err := Named{Server: func() (*Apache, error) { return here, nil }}.Locate()
	if err != nil || file != here.ConfigFile || options.ServerRoot != here.ServerRoot || options.Version != here.Version || options.Scope != conf.Whole {
		t.Errorf("%s, %+v, error %v", file, options, err)
	}
	_, _, err = Named{Server: func() (*Apache, error) { return nil, nil }}.Locate()
	if !errors.As(err, new(*RequestError)) || !strings.Contains(err.Error(), "none on this host") {
		t.Errorf("error %v", err)
	}
}

// TestNamedHasTheVariablesOfItsServer reads variables from the file that was named,
// else from the server's own, and from none where that was asked for.
func TestNamedHasTheVariablesOfItsServer(t *testing.T) {
	t.Parallel()
	root := hostOf(t, "ID=debian", "/etc/apache2/apache2.conf")
	other := filepath.Join(t.TempDir(), "envvars")
	err := errors.Join(os.WriteFile(root.At("/etc/apache2/envvars"), []byte("export SITE=own\n"), 0o644), os.WriteFile(other, []byte("export SITE=other\n"), 0o644))
	if err != nil {
		t.Fatal(err)
	}
	for envvars, want := range map[string]map[string]string{
		"": {"SITE": "own"}, other: {"SITE": "other"}, os.DevNull: {},
	} {
		named := Named{Root: root, Envvars: envvars}
		got, err := named.environment("/etc/apache2/apache2.conf")
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%q: error %v (-want +got)\n%s", envvars, err, diff)
		}
	}
	if start := (Named{Root: root}).Start(&conf.Config{Complete: true, Files: []*conf.File{{Name: "/etc/apache2/apache2.conf"}}}, "/usr/sbin/apache2"); start != nil {
		t.Errorf("a server below a root is started by %+v", start)
	}
}

// TestNamedInputIsReadOnce reads standard input, and then the text that fixes make of it.
func TestNamedInputIsReadOnce(t *testing.T) {
	t.Parallel()
	named := Named{Name: Input, Root: hostfiles.Root(""), Server: func() (*Apache, error) { return nil, nil }, Stdin: func() (string, error) { return "Listen 80\n", nil }}
	config, err := named.Read()
	if err != nil || config.Files[0].Source != "Listen 80\n" {
		t.Errorf("error %v", err)
	}
	named.Options.Texts = map[string]string{Input: "Listen 81\n"}
	if config, err = named.Read(); err != nil || config.Files[0].Source != "Listen 81\n" {
		t.Errorf("error %v", err)
	}
}
