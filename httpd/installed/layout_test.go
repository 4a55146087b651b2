package installed

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/hostfiles"
)

// hostOf makes the files of a host of a distribution.
func hostOf(t *testing.T, release string, files ...string) hostfiles.Root {
	t.Helper()
	root := t.TempDir()
	for _, name := range append([]string{"/etc/os-release"}, files...) {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(release), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return hostfiles.Root(root)
}

// TestServerRootOfTwoFamiliesIsToldApartByTheDistribution holds that Arch and Red Hat,
// whose Apaches are compiled alike, are told apart, and who else has that server root is
// taken for Red Hat's kin.
func TestServerRootOfTwoFamiliesIsToldApartByTheDistribution(t *testing.T) {
	t.Parallel()
	for release, want := range map[string]Layout{
		"ID=arch": Arch, "ID=manjaro\nID_LIKE=arch": Arch, "ID=fedora": RedHat, "ID=rocky\nID_LIKE=\"rhel centos fedora\"": RedHat, "ID=void": RedHat, "": RedHat,
	} {
		if got := compiledFor(hostOf(t, release), "/etc/httpd", "conf/httpd.conf").layout; got != want {
			t.Errorf("%q: %s, want %s", release, got, want)
		}
	}
	if got := compiledFor(hostOf(t, "ID=debian"), "/opt/httpd", "conf/httpd.conf").layout; got != Source {
		t.Errorf("a prefix of its own: %s", got)
	}
}

func TestPackagesAreThoseOfTheDistributionOrOfOneLikeIt(t *testing.T) {
	t.Parallel()
	for want, ids := range map[string][]string{
		"apt-get install -y": {"linuxmint", "ubuntu", "debian"}, "zypper --non-interactive install": {"opensuse-leap"}, "brew install": {"macos"}, "": {"void"},
	} {
		if got := PackagesFor(ids).Install; got != want {
			t.Errorf("%v: %q, want %q", ids, got, want)
		}
	}
}

// TestEachFamilyKeepsAFileInItsOwnPlaces goes through the table.
func TestEachFamilyKeepsAFileInItsOwnPlaces(t *testing.T) {
	t.Parallel()
	type kept struct{ Load, Config, Site, Scripts, Tree, Module, Logs string }
	conf := "/opt/homebrew/etc/httpd"
	for layout, test := range map[Layout]struct {
		root, config string
		want         kept
	}{
		Debian: {"/etc/apache2", "/etc/apache2/apache2.conf", kept{
			"/etc/apache2/mods-available/wsgictl.load", "/etc/apache2/conf-available/shop.conf", "/etc/apache2/sites-available/shop.conf",
			"/etc/apache2/wsgictl", "/etc/apache2", "/etc/apache2/mods-available/wsgi_express.load", "/var/log/apache2"}},
		RedHat: {"/etc/httpd", "/etc/httpd/conf/httpd.conf", kept{
			"/etc/httpd/conf.modules.d/10-wsgictl.conf", "/etc/httpd/conf.d/01-shop.conf", "/etc/httpd/conf.d/wsgictl-shop.conf",
			"/etc/httpd/wsgictl", "/etc/httpd", "/etc/httpd/conf.modules.d/10-wsgi-python3.conf", "/var/log/httpd"}},
		SUSE: {"/srv/www", "/etc/apache2/httpd.conf", kept{
			"/etc/apache2/conf.d/00-wsgictl.conf", "/etc/apache2/conf.d/01-shop.conf", "/etc/apache2/vhosts.d/shop.conf",
			"/etc/apache2/wsgictl", "/etc/apache2", "/etc/apache2/conf.d/wsgi.conf", "/var/log/apache2"}},
		Alpine: {"/var/www", "/etc/apache2/httpd.conf", kept{
			"/etc/apache2/conf.d/00-wsgictl.conf", "/etc/apache2/conf.d/01-shop.conf", "/etc/apache2/conf.d/wsgictl-shop.conf",
			"/etc/apache2/wsgictl", "/etc/apache2", "/etc/apache2/conf.d/wsgi.conf", "/var/log/apache2"}},
		FreeBSD: {"/usr/local", "/usr/local/etc/apache24/httpd.conf", kept{
			"/usr/local/etc/apache24/modules.d/280_wsgictl.conf", "/usr/local/etc/apache24/Includes/01-shop.conf", "/usr/local/etc/apache24/Includes/wsgictl-shop.conf",
			"/usr/local/etc/apache24/wsgictl", "/usr/local/etc/apache24", "/usr/local/etc/apache24/modules.d/250_mod_wsgi.conf", "/var/log"}},
		Homebrew: {"/opt/homebrew/opt/httpd", conf + "/httpd.conf", kept{
			conf + "/wsgictl/00-wsgictl.conf", conf + "/wsgictl/01-shop.conf", conf + "/wsgictl/wsgictl-shop.conf",
			conf + "/wsgictl", conf, conf + "/httpd.conf", "/opt/homebrew/var/log/httpd"}},
		Arch: {"/etc/httpd", "/etc/httpd/conf/httpd.conf", kept{
			"/etc/httpd/conf/wsgictl/00-wsgictl.conf", "/etc/httpd/conf/wsgictl/01-shop.conf", "/etc/httpd/conf/wsgictl/wsgictl-shop.conf",
			"/etc/httpd/conf/wsgictl", "/etc/httpd/conf", "/etc/httpd/conf/httpd.conf", "/var/log/httpd"}},
		Source: {"/opt/apache2", "/opt/apache2/conf/httpd.conf", kept{
			"/opt/apache2/conf/wsgictl/00-wsgictl.conf", "/opt/apache2/conf/wsgictl/01-shop.conf", "/opt/apache2/conf/wsgictl/wsgictl-shop.conf",
			"/opt/apache2/conf/wsgictl", "/opt/apache2/conf", "/opt/apache2/conf/httpd.conf", "/opt/apache2/logs"}},
	} {
		a := Apache{Layout: layout, ServerRoot: test.root, ConfigFile: test.config}
		p, err := a.Places(nil)
		if err != nil {
			t.Error(err)
		}
		got := kept{p.Load.File(p.Name), p.Config.File("shop"), p.Site.File("shop"), p.Scripts, p.Tree, a.FileForModule(), a.LogDirectory()}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", layout, diff)
		}
	}
	if _, err := (Apache{Layout: Bundled}).Places(nil); err == nil {
		t.Error("the Apache of mod_wsgi-httpd has places for sites")
	}
}

func TestDebianEnablesByCommandsAndNotes(t *testing.T) {
	t.Parallel()
	a := Apache{Layout: Debian, ServerRoot: "/etc/apache2-b", ConfigFile: "/etc/apache2-b/apache2.conf"}
	p, err := a.Places(map[string]string{"APACHE_STATE_DIRECTORY": "/srv/state"})
	if err != nil || p.Site.Markers != "/srv/state/site" || p.Site.Enabling("shop") != "/etc/apache2-b/sites-enabled/shop.conf" {
		t.Errorf("%+v, %v", p.Site, err)
	}
	for _, test := range []struct {
		place   Place
		file    string
		enable  []string
		disable []string
	}{
		{p.Load, "/etc/apache2-b/mods-enabled/wsgi.load", []string{"a2enmod", "wsgi"}, []string{"a2dismod", "wsgi"}},
		{p.Site, "/etc/apache2-b/sites-available/shop.conf", []string{"a2ensite", "shop"}, []string{"a2dissite", "shop"}},
		{p.Config, "/etc/apache2-b/conf-enabled/a.conf", []string{"a2enconf", "a"}, []string{"a2disconf", "a"}},
		{p.Load, "/etc/apache2/mods-enabled/wsgi.load", nil, nil}, // of another instance
		{p.Load, "/etc/apache2-b/sites-enabled/wsgi.conf", nil, nil},
		{platformOf(RedHat).places.Load, "../conf.modules.d/a.conf", nil, nil},
	} {
		if diff := cmp.Diff([][]string{test.enable, test.disable}, [][]string{test.place.EnableWords(test.file), test.place.DisableWords(test.file)}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.file, diff)
		}
	}
}

func TestMainFileAndVariablesAreFoundFromFilesAlone(t *testing.T) {
	t.Parallel()
	for main, variables := range map[string]string{
		"/etc/apache2/apache2.conf":          "/etc/apache2/envvars",
		"/etc/httpd/conf/httpd.conf":         "/etc/sysconfig/httpd",
		"/etc/apache2/httpd.conf":            "/etc/conf.d/apache2",
		"/usr/local/etc/apache24/httpd.conf": "/usr/local/sbin/envvars",
		"/usr/local/apache2/conf/httpd.conf": "/usr/local/apache2/bin/envvars",
	} {
		root := hostOf(t, "ID=void", main, variables)
		if at := slices.IndexFunc(MainFiles(root), root.IsFile); at < 0 || MainFiles(root)[at] != main {
			t.Errorf("%s is none of %v", main, MainFiles(root))
		}
		if file, found := MainFile(root, ServerRootOf(main)); !found || file != main {
			t.Errorf("in %s: %s", ServerRootOf(main), file)
		}
		parts := []string{main, filepath.Dir(main) + "/part/shop.conf"}
		if strings.HasPrefix(variables, "/usr/local/apache2/") { // which are of its prefix, and of no family
			parts = parts[:1]
		}
		for _, file := range parts {
			if got := hostfiles.FirstOf(EnvVarsOf(root, file), root.IsFile); got != variables {
				t.Errorf("%s: %q of %v, want %s", file, got, EnvVarsOf(root, file), variables)
			}
		}
	}
	root := hostOf(t, "", "/etc/apache2/envvars", "/srv/copy/part.conf")
	if got := hostfiles.FirstOf(EnvVarsOf(root, "/srv/copy/part.conf"), root.IsFile); got != "" {
		t.Errorf("a file of nobody's has the variables of %s", got)
	}
}
