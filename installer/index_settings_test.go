package installer

import (
	"archive/zip"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/needtest"
)

func certificatePEM(raw []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})
}

// pipsModule is the part of pip's source that names its default index.
const pipsModule = "class PackageIndex:\n    pass\n\n\nPyPI = PackageIndex(\n    \"https://default.example/\", file_storage_domain=\"files.example\"\n)\nTestPyPI = PackageIndex(\"https://test.example/\")\n"

func TestFindIndexSettings(t *testing.T) {
	t.Parallel()
	pip := map[string]string{"venv/lib/site-packages/" + pipModule: pipsModule}
	for name, test := range map[string]struct {
		files, variables map[string]string
		explicit         string
		kind             string
		want             IndexSettings
	}{
		"pip's default": {pip, nil, "", "venv", IndexSettings{Indexes: []string{"https://default.example/simple"}}},
		"pip's settings": {
			nil, map[string]string{
				"PIP_INDEX_URL": "https://i.example/", "PIP_EXTRA_INDEX_URL": "https://e.example/ https://f.example/", "PIP_CERT": "ca.pem",
				"PIP_CLIENT_CERT": "me.pem", "PIP_PROXY": "proxy:3128", "PIP_TRUSTED_HOST": "a b",
			}, "", "venv",
			IndexSettings{
				Indexes: []string{"https://i.example/", "https://e.example/", "https://f.example/"}, CABundle: "ca.pem",
				ClientCert: "me.pem", Proxy: "proxy:3128", Trusted: []string{"a", "b"},
			},
		},
		"a further index beside the default": {
			pip, map[string]string{"PIP_EXTRA_INDEX_URL": "https://e.example/"}, "", "venv",
			IndexSettings{Indexes: []string{"https://default.example/simple", "https://e.example/"}},
		},
		"certificates of other tools": {
			pip, map[string]string{"SSL_CERT_FILE": "ssl.pem", "REQUESTS_CA_BUNDLE": "requests.pem"}, "", "venv",
			IndexSettings{Indexes: []string{"https://default.example/simple"}, CABundle: "requests.pem"},
		},
		"uv's where pip has none": {
			pip, map[string]string{"UV_INDEX_URL": "https://uv.example/"}, "", "venv",
			IndexSettings{Indexes: []string{"https://uv.example/"}, FirstOnly: true},
		},
		"pip's before uv's": {
			pip, map[string]string{"UV_INDEX_URL": "https://uv.example/", "PIP_INDEX_URL": "https://i.example/"}, "", "venv",
			IndexSettings{Indexes: []string{"https://i.example/"}},
		},
		"uv's before pip's in uv's virtualenv": {
			pip, map[string]string{"UV_INDEX_URL": "https://uv.example/", "PIP_INDEX_URL": "https://i.example/"}, "", "uv",
			IndexSettings{Indexes: []string{"https://uv.example/"}, FirstOnly: true},
		},
		"other places beside the index": {
			nil, map[string]string{"PIP_INDEX_URL": "https://i.example/", "PIP_FIND_LINKS": "/srv/mirror https://bob:s3cret@f.example/"}, "", "venv",
			IndexSettings{FindLinks: []string{"/srv/mirror", "https://bob:s3cret@f.example/"}, Indexes: []string{"https://i.example/"}},
		},
		"other places in the place of an index": {
			pip, map[string]string{"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/srv/mirror"}, "", "venv",
			IndexSettings{FindLinks: []string{"/srv/mirror"}},
		},
		"other places where there is no pip to name its index": {
			nil, map[string]string{"PIP_FIND_LINKS": "/srv/mirror"}, "", "venv",
			IndexSettings{FindLinks: []string{"/srv/mirror"}},
		},
		"no keyring": {
			nil, map[string]string{"PIP_INDEX_URL": "https://bob@i.example/", "PIP_KEYRING_PROVIDER": "disabled"}, "", "venv",
			IndexSettings{Indexes: []string{"https://bob@i.example/"}, NoKeyring: true},
		},
		"named explicitly": {
			pip, map[string]string{"PIP_INDEX_URL": "https://i.example/", "PIP_EXTRA_INDEX_URL": "https://e.example/", "PIP_NO_INDEX": "1"}, "https://x.example/", "venv",
			IndexSettings{Indexes: []string{"https://x.example/"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := madeUp(t, test.files, test.variables)
			venv := &detect.Virtualenv{Kind: test.kind, SitePackages: filepath.Join(s.Venv, "lib/site-packages")}
			got, err := FindIndexSettings(s, test.explicit, nil, venv)
			if err != nil {
				t.Fatal(err)
			}
			if test.want.Trusted == nil {
				test.want.Trusted = got.Trusted[:0]
			}
			if diff := cmp.Diff(test.want, got, cmpopts.IgnoreFields(IndexSettings{}, "Origins")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestOriginOfEachPlaceIsKnown looks at what is said of each place that is
// asked.
func TestOriginOfEachPlaceIsKnown(t *testing.T) {
	t.Parallel()
	const index, other = "https://i.example/", "https://e.example/"
	for name, test := range map[string]struct {
		files, variables map[string]string
		explicit         string
		want             map[string]string
	}{
		"named explicitly": {nil, nil, index, map[string]string{index: "--index-url"}},
		"variables of pip": {
			nil, map[string]string{"PIP_INDEX_URL": index, "PIP_EXTRA_INDEX_URL": other, "PIP_FIND_LINKS": "/srv/mirror"}, "",
			map[string]string{index: "PIP_INDEX_URL", other: "PIP_EXTRA_INDEX_URL", "/srv/mirror": "PIP_FIND_LINKS"},
		},
		"a file of pip": {
			map[string]string{"etc/pip.conf": "[global]\nindex-url = " + index + "\n"}, nil, "",
			map[string]string{index: "index-url in $root/etc/pip.conf"},
		},
		"pip's default": {
			map[string]string{"usr/lib/python3/dist-packages/" + pipModule: pipsModule}, nil, "",
			map[string]string{"https://default.example/simple": "pip's default, named in $root/usr/lib/python3/dist-packages/" + pipModule},
		},
		"twice": {
			nil, map[string]string{"PIP_INDEX_URL": index, "PIP_EXTRA_INDEX_URL": index}, "", map[string]string{index: "PIP_INDEX_URL"},
		},
		"variables of uv": {
			nil, map[string]string{"UV_INDEX": "corp=" + other, "UV_DEFAULT_INDEX": index}, "",
			map[string]string{other: "UV_INDEX", index: "UV_DEFAULT_INDEX"},
		},
		"files of uv": {
			map[string]string{"project/pyproject.toml": "[tool.uv]\nindex-url = '" + index + "'\n", "etc/uv/uv.toml": "[[index]]\nurl = '" + other + "'\n"}, nil, "",
			map[string]string{index: "index-url in $root/project/pyproject.toml", other: "index in $root/etc/uv/uv.toml"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := madeUp(t, test.files, test.variables)
			settings, err := FindIndexSettings(s, test.explicit, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			for place, origin := range test.want {
				test.want[place] = strings.ReplaceAll(origin, "$root", s.Root)
			}
			if diff := cmp.Diff(test.want, settings.Origins); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNoIndexIsHonoured(t *testing.T) {
	t.Parallel()
	if _, err := FindIndexSettings(madeUp(t, nil, map[string]string{"PIP_NO_INDEX": "true"}), "", nil, nil); err == nil {
		t.Error("an index is used all the same")
	}
}

func TestDefaultIndexIsReadInPipsPlaces(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"stdlib/site-packages", "usr/lib/python3/dist-packages"} {
		s := madeUp(t, map[string]string{place + "/" + pipModule: pipsModule}, nil)
		got, _, err := s.defaultIndex(&detect.Python{PlatStdlib: s.at("stdlib")}, nil)
		if err != nil || got != "https://default.example/simple" {
			t.Errorf("%s: %q, %v", place, got, err)
		}
	}
	for _, place := range []string{"stdlib/ensurepip/_bundled", "usr/share/python-wheels"} {
		s := madeUp(t, map[string]string{place + "/README": ""}, nil)
		writeZip(t, filepath.Join(s.at(place), "pip-99.0-py3-none-any.whl"), pipModule, pipsModule)
		got, _, err := s.defaultIndex(&detect.Python{PlatStdlib: s.at("stdlib")}, nil)
		if err != nil || got != "https://default.example/simple" {
			t.Errorf("%s: %q, %v", place, got, err)
		}
	}
	if _, _, err := madeUp(t, nil, nil).defaultIndex(nil, nil); !errors.Is(err, errNoPip) {
		t.Errorf("no pip: %v", err)
	}
}

func TestDefaultIndexOfTheRealPip(t *testing.T) {
	t.Parallel()
	wheels, _ := filepath.Glob("/usr/share/python-wheels/pip-*.whl")
	if len(wheels) == 0 {
		needtest.Missing(t, "no wheel of pip here")
	}
	got, _, err := HostPipEnvironment("").defaultIndex(nil, nil)
	if err != nil || filepath.Base(got) != "simple" {
		t.Errorf("%q, %v", got, err)
	}
}

func writeZip(t *testing.T, path, name, content string) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	archive := zip.NewWriter(file)
	entry, err := archive.Create(name)
	if err == nil {
		_, err = entry.Write([]byte(content))
	}
	if err := errors.Join(err, archive.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
}
