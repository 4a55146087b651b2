package installer

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/trusttest"
)

// Root goes by no setting that others can change, wherever it stands.
func TestRootPassesOverSettingsOfOthers(t *testing.T) {
	t.Parallel()
	const pip, uv = "[global]\nindex-url = https://hers.example/simple\n", "index-url = \"https://hers.example/simple\"\n"
	for name, test := range map[string]struct {
		file     string // below the folder, alice's
		text     string
		variable string // that names the file
		tells    string
	}{
		"the user's":            {"home/.config/pip/pip.conf", pip, "", "/etc/pip.conf"},
		"the system's":          {"etc/pip.conf", pip, "", "/etc/pip.conf"},
		"the virtualenv's":      {"venv/pip.conf", pip, "", "/etc/pip.conf"},
		"pip's by name":         {"hers/pip.conf", pip, "PIP_CONFIG_FILE", "/etc/pip.conf"},
		"a project's":           {"work/uv.toml", uv, "", "/etc/uv/uv.toml"},
		"a project's pyproject": {"work/pyproject.toml", "[tool.uv]\n" + uv, "", "/etc/uv/uv.toml"},
		"uv's by name":          {"hers/uv.toml", uv, "UV_CONFIG_FILE", "/etc/uv/uv.toml"},
		"uv's of the system":    {"etc/uv/uv.toml", uv, "", "/etc/uv/uv.toml"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := trusttest.Folder(t)
			file := write(t, filepath.Join(dir, test.file), test.text, 0o644, alice)
			// Root's own, the least important, serves all the same.
			write(t, filepath.Join(dir, "etc/xdg/pip/pip.conf"), "[global]\nindex-url = https://roots.example/simple\n", 0o644, 0)
			var told []string
			s := PipEnvironment{
				Dir: dir + "/work", Home: dir + "/home", Root: dir, Venv: dir + "/venv",
				Tell: func(text string) { told = append(told, text) },
				Getenv: func(variable string) string {
					if variable == test.variable && variable != "" {
						return file
					}
					return ""
				},
			}
			settings, err := FindIndexSettings(s, "", nil, nil)
			if err != nil || len(settings.Indexes) != 1 || settings.Indexes[0] != "https://roots.example/simple" {
				t.Errorf("%q, %v", settings.Indexes, err)
			}
			if len(told) != 1 || !strings.Contains(told[0], "Passed over "+file+": "+file+": it belongs to user 61001") || !strings.Contains(told[0], test.tells) {
				t.Errorf("told %q", told)
			}
		})
	}
}

func TestRootTrustsNoCertificatesOfOthers(t *testing.T) {
	t.Parallel()
	dir := trusttest.Folder(t)
	hers := write(t, filepath.Join(dir, "hers.pem"), "", 0o644, alice)
	roots := write(t, filepath.Join(dir, "roots.pem"), "", 0o644, 0)
	for _, test := range []struct {
		variables      map[string]string
		bundle, client string
		fails          string
	}{
		{map[string]string{"PIP_CERT": hers, "REQUESTS_CA_BUNDLE": roots}, roots, "", ""},
		{map[string]string{"CURL_CA_BUNDLE": hers}, "", "", ""},
		{map[string]string{"PIP_CLIENT_CERT": hers}, "", "", ""},
		{map[string]string{"PIP_CLIENT_CERT": roots, "SSL_CERT_FILE": roots}, roots, roots, ""},
		{map[string]string{"SSL_CERT_FILE": hers}, "", "", "SSL_CERT_FILE"},
		{map[string]string{"SSL_CERT_DIR": dir + ":" + hers}, "", "", "SSL_CERT_DIR"},
	} {
		s := PipEnvironment{Getenv: func(name string) string { return test.variables[name] }, Root: dir}
		settings, err := FindIndexSettings(s, "https://index.example/simple", nil, nil)
		if failed := err != nil; failed != (test.fails != "") || failed && !strings.Contains(err.Error(), test.fails) {
			t.Errorf("%v: error %v", test.variables, err)
		}
		if settings.CABundle != test.bundle || settings.ClientCert != test.client {
			t.Errorf("%v: %q, %q", test.variables, settings.CABundle, settings.ClientCert)
		}
	}
}

// The default index stands in the source of a pip, which alice's virtualenv has
// too.
func TestRootTakesTheDefaultIndexFromNoPipOfOthers(t *testing.T) {
	t.Parallel()
	dir := trusttest.Folder(t)
	const source = "PyPI = PackageIndex(\"https://%s.example/\")\n"
	site := filepath.Join(dir, "venv/site-packages")
	write(t, filepath.Join(site, pipModule), strings.ReplaceAll(source, "%s", "hers"), 0o644, alice)
	give(t, filepath.Join(dir, "venv"), alice)
	var wheel bytes.Buffer
	archive := zip.NewWriter(&wheel)
	entry, err := archive.Create(pipModule)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := entry.Write([]byte(strings.ReplaceAll(source, "%s", "wheel"))); err != nil || archive.Close() != nil {
		t.Fatal(err)
	}
	path := write(t, filepath.Join(dir, "usr/share/python-wheels/pip-24.0-py3-none-any.whl"), wheel.String(), 0o644, alice)
	s := PipEnvironment{Getenv: none, Root: dir}
	venv := &detect.Virtualenv{SitePackages: site}
	if index, _, err := s.defaultIndex(nil, venv); err == nil || !strings.Contains(err.Error(), "it belongs to user 61001") {
		t.Errorf("%q, %v", index, err)
	}
	give(t, path, 0)
	if index, _, err := s.defaultIndex(nil, venv); err != nil || index != "https://wheel.example/simple" {
		t.Errorf("%q, %v", index, err)
	}
}

// A file of settings that is kept empty, and one that hangs whoever opens it.
func TestSettingsAreRegularFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Symlink(os.DevNull, filepath.Join(dir, "null")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/zero", filepath.Join(dir, "zero")); err != nil {
		t.Fatal(err)
	}
	s := PipEnvironment{Getenv: none}
	if _, found, err := s.readSettings(filepath.Join(dir, "null"), ""); found || err != nil {
		t.Errorf("%v, %v", found, err)
	}
	if _, _, err := s.readSettings(filepath.Join(dir, "zero"), ""); err == nil {
		if os.Geteuid() != 0 { // root passes over a device in which all can write
			t.Error("a device is read")
		}
	}
}
