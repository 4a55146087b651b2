package installer

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/wsgictl/wsgictl/detect"
)

// What uv itself does with each was asked of uv 0.13.
func TestUVSettingsLimitWhereToLook(t *testing.T) {
	t.Parallel()
	const index, other, third = "https://i.example/simple", "https://o.example/simple", "https://t.example/simple"
	for name, test := range map[string]struct {
		project   string // pyproject.toml below [project]
		variables map[string]string
		want      IndexSettings
		refuses   string
	}{
		"a part for uv pip": {
			project: "[tool.uv]\nindex-url = '" + other + "'\n[tool.uv.pip]\nindex-url = '" + index + "'\n",
			want:    IndexSettings{Indexes: []string{index}, FirstOnly: true},
		},
		"a default index before index-url": {
			project: "[tool.uv.pip]\nindex-url = '" + index + "'\n[[tool.uv.index]]\nurl = '" + third + "'\n[[tool.uv.index]]\nurl = '" + other + "'\ndefault = true\n",
			want:    IndexSettings{Indexes: []string{third, other}, FirstOnly: true},
		},
		"further indexes before uv's own": {
			project: "[tool.uv]\nextra-index-url = ['" + index + "']\n",
			want:    IndexSettings{Indexes: []string{index, "https://default.example/simple"}, FirstOnly: true},
		},
		"no index, and no other place": {
			project: "[tool.uv]\nno-index = true\nindex-url = '" + index + "'\n",
			refuses: "uv's setting no-index (no-index in $root/project/pyproject.toml) forbids any index",
		},
		"no index but a folder": {
			project: "[tool.uv]\nno-index = true\nfind-links = ['./wheels']\n", variables: map[string]string{"UV_FIND_LINKS": "/srv/a,https://f.example/links"},
			want: IndexSettings{FindLinks: []string{"/srv/a", "https://f.example/links", "$root/project/wheels"}, FirstOnly: true},
		},
		"no index by variable": {
			variables: map[string]string{"UV_NO_INDEX": "1", "UV_INDEX_URL": index}, refuses: "uv's setting no-index (UV_NO_INDEX)",
		},
		"offline": {
			project: "[tool.uv]\nindex-url = '" + index + "'\n", variables: map[string]string{"UV_OFFLINE": "true"},
			want: IndexSettings{Indexes: []string{index}, FirstOnly: true, Offline: "UV_OFFLINE"},
		},
		"offline in a file": {
			project: "[tool.uv]\noffline = true\n",
			want:    IndexSettings{Indexes: []string{"https://default.example/simple"}, FirstOnly: true, Offline: "offline in $root/project/pyproject.toml"},
		},
		"a source by name": {
			project: "[[tool.uv.index]]\nname = 'corp'\nurl = '" + index + "'\nexplicit = true\n[tool.uv]\nindex-url = '" + other + "'\n[tool.uv.sources]\nMod_WSGI = {index = 'corp'}\nother = [{git = 'x'}]\n",
			want:    IndexSettings{Indexes: []string{index}, FirstOnly: true},
		},
		"a source that is no index": {
			project: "[tool.uv.sources]\nmod-wsgi = {path = '../mod_wsgi'}\n", refuses: "uv takes mod_wsgi from elsewhere ([tool.uv.sources] mod-wsgi in $root/project/pyproject.toml: path = ../mod_wsgi): name that",
		},
		"a source with a login": {
			project: "[tool.uv.sources]\nmod-wsgi = [{git = 'https://user:hunter2@git.example/mod_wsgi', tag = '6.1.1', marker = 'x'}]\n",
			refuses: "pyproject.toml: git = https://git.example/mod_wsgi, marker = x, tag = 6.1.1): name that",
		},
		"a flat index": {
			project: "[[tool.uv.index]]\nurl = '" + index + "'\nformat = 'flat'\ndefault = true\n",
			want:    IndexSettings{FindLinks: []string{index}, FirstOnly: true},
		},
		"indexes that are folders": {
			project: "[[tool.uv.index]]\nurl = '../simple'\n[[tool.uv.index]]\nurl = '/srv/a b'\ndefault = true\n", variables: map[string]string{"UV_INDEX": "corp=here"},
			want: IndexSettings{Indexes: []string{"file://$root/project/below/here", "file://$root/simple", "file:///srv/a%20b"}, FirstOnly: true},
		},
		"hosts without https": {
			project: "[tool.uv]\nindex-url = '" + index + "'\nallow-insecure-host = ['i.example', 'https://o.example:8443/']\n", variables: map[string]string{"UV_INSECURE_HOST": "t.example"},
			want: IndexSettings{Indexes: []string{index}, FirstOnly: true, Trusted: []string{"t.example", "i.example", "o.example:8443"}},
		},
		"all indexes": {
			project: "[tool.uv]\nindex-url = '" + index + "'\nindex-strategy = 'unsafe-best-match'\nprerelease = 'allow'\n",
			want:    IndexSettings{Indexes: []string{index}, PreReleases: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{"venv/lib/site-packages/" + pipModule: pipsModule, "project/pyproject.toml": "[project]\nname = 'x'\n" + test.project}
			s := madeUp(t, files, test.variables)
			venv := &detect.Virtualenv{Path: s.at("/venv"), Kind: "uv", SitePackages: s.at("/venv/lib/site-packages")}
			got, err := FindIndexSettings(s, "", nil, venv)
			if test.refuses != "" {
				if err == nil || !strings.Contains(err.Error(), strings.ReplaceAll(test.refuses, "$root", s.Root)) {
					t.Errorf("error %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for i, place := range test.want.FindLinks {
				test.want.FindLinks[i] = strings.ReplaceAll(place, "$root", s.Root)
			}
			for i, place := range test.want.Indexes {
				test.want.Indexes[i] = strings.ReplaceAll(place, "$root", s.Root)
			}
			test.want.Offline = strings.ReplaceAll(test.want.Offline, "$root", s.Root)
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(IndexSettings{}, "Origins", "Patience")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRequirementsAreReadAsPipDoes(t *testing.T) {
	t.Parallel()
	const text = `# a comment
django==5.0  # another
mod_wsgi<6, \
    !=5.0.1 ; python_version < "3.99"  # why
Mod.WSGI == ${RELEASE} --hash=sha256:00 --hash sha512:AB
mod-wsgi-httpd==2.4
mod-wsgi @ https://x.example/mod_wsgi-5.0.2.tar.gz#sha256=ab ; python_version > "3"
-c other.txt
--constraint=https://x.example/more.txt
-i https://i.example/simple
# this comment does not go on \
mod_wsgi!=6.0.0
mod_wsgi>4 # \
django \
# nor this
mod_wsgi<9 \`
	got := readRequirements(text, "c.txt", func(name string) string { return map[string]string{"RELEASE": "5.0.2"}[name] })
	want := requirements{
		bounds: []bound{
			{specifier: "<6,      !=5.0.1", marker: ` python_version < "3.99"`, from: "c.txt:3"},
			{specifier: "== 5.0.2", digests: []string{"sha256:00", "sha512:ab"}, from: "c.txt:5"},
			{address: "https://x.example/mod_wsgi-5.0.2.tar.gz#sha256=ab", marker: ` python_version > "3"`, from: "c.txt:7"},
			{specifier: "!=6.0.0", from: "c.txt:12"},
			{specifier: ">4", from: "c.txt:13"},
			{specifier: "<9", from: "c.txt:16"},
		},
		files: []string{"other.txt", "https://x.example/more.txt"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(requirements{}, bound{})); diff != "" {
		t.Error(diff)
	}
}

// TestConstraintsAreReadOnce has files that name each other, the next one twice.
func TestConstraintsAreReadOnce(t *testing.T) {
	t.Parallel()
	const chain = maxConstraintFiles - 1
	files := map[string]string{"project/0.txt": "mod_wsgi<6\n"}
	for i := range chain {
		files[fmt.Sprintf("project/%d.txt", i+1)] = fmt.Sprintf("-c %d.txt\n-c ../project/%d.txt\n-c %d.txt\n", i, i, chain)
	}
	s := madeUp(t, files, nil)
	got, err := installation{}.readConstraints(t.Context(), s, fmt.Sprintf("../%d.txt", chain))
	if len(got) != 1 || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	if err := os.WriteFile(s.at("/project/0.txt"), []byte("-c none.txt\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := (installation{}).readConstraints(t.Context(), s, fmt.Sprintf("../%d.txt", chain)); err == nil || !strings.Contains(err.Error(), "more than 100 files") {
		t.Error(err)
	}
}

func TestMarkersAreEvaluated(t *testing.T) {
	t.Parallel()
	python := &detect.Python{Version: "3.11.2", Implementation: "cpython"}
	for marker, want := range map[string]bool{
		`python_version < "3.9"`:                                                   false, // and not as texts
		`python_version>='3.9' and os_name == "posix"`:                             true,
		`python_version < "3.9" or (python_full_version == "3.11.*")`:              true,
		`(python_version < "3.9" or os_name == "nt") and os_name == "posix"`:       false,
		`os_name not in "nt dos" and "311" in "x311" and python_version ~= "3.8"`:  true,
		`platform_python_implementation != "PyPy" and implementation_name=="pypy"`: false,
	} {
		if got, err := holdsFor(marker, python); got != want || err != nil {
			t.Errorf("%s: %v, %v", marker, got, err)
		}
	}
	for _, marker := range []string{`nonsense == "1"`, `python_version <`, `(os_name == "posix"`, `os_name == "posix" os_name`, `os_name ~ "x"`} {
		if _, err := holdsFor(marker, python); err == nil {
			t.Errorf("%s: no error", marker)
		}
	}
}
