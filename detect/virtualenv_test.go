package detect

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// layTree writes the files of a txtar text below a new folder; an empty file
// named python becomes a program, and a name that ends in "/." a folder.
func layTree(t *testing.T, text string) string {
	t.Helper()
	root := t.TempDir()
	for _, file := range txtar.Parse([]byte(text)).Files {
		path := filepath.Join(root, file.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if filepath.Base(file.Name) == "." {
			continue
		}
		mode := os.FileMode(0o644)
		if filepath.Base(file.Name) == "python" {
			mode = 0o755
		}
		if err := os.WriteFile(path, file.Data, mode); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestReadVirtualenvOfEachKind(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		tree string
		want Virtualenv
	}{
		"venv": {
			"-- usr/bin/x --\n-- v/pyvenv.cfg --\nhome = /usr/bin\nversion = 3.12.1\n-- v/bin/python --\n" +
				"-- v/lib/python3.12/site-packages/pip-24.0.dist-info/METADATA --\n",
			Virtualenv{Kind: "venv", Version: "3.12.1", Home: "/usr/bin", SitePackages: "/v/lib/python3.12/site-packages", Writable: true, Pip: "24.0"},
		},
		"virtualenv": {
			"-- usr/bin/x --\n-- v/pyvenv.cfg --\nhome = /usr/bin\nvirtualenv = 20.26.0\nversion_info = 3.10.13.final.0\n-- v/bin/python --\n" +
				"-- v/lib/python3.10/site-packages/x --\n",
			Virtualenv{Kind: "virtualenv", Version: "3.10.13", Home: "/usr/bin", SitePackages: "/v/lib/python3.10/site-packages", Writable: true},
		},
		"uv, free-threaded": {
			"-- usr/bin/x --\n-- v/pyvenv.cfg --\nhome = /usr/bin\nuv = 0.4.1\nversion_info = 3.13.0\n-- v/bin/python --\n" +
				"-- v/lib/python3.13t/site-packages/x --\n",
			Virtualenv{Kind: "uv", Version: "3.13.0", Home: "/usr/bin", SitePackages: "/v/lib/python3.13t/site-packages", Writable: true},
		},
		"conda": {
			"-- v/conda-meta/history --\n-- v/bin/python --\n-- v/lib/python3.11/site-packages/x --\n",
			Virtualenv{Kind: "conda", Version: "3.11", Home: "/v/bin", SitePackages: "/v/lib/python3.11/site-packages", Writable: true},
		},
		"virtualenv before 20": {
			"-- v/bin/activate_this.py --\n-- v/bin/python --\n-- v/lib/python3.6/site-packages/x --\n",
			Virtualenv{Kind: "virtualenv", Version: "3.6", SitePackages: "/v/lib/python3.6/site-packages", Writable: true},
		},
		"packages in lib64": {
			"-- usr/bin/x --\n-- v/pyvenv.cfg --\nhome = /usr/bin\nversion = 3.9.21\n-- v/bin/python --\n-- v/lib64/python3.9/site-packages/x --\n",
			Virtualenv{Kind: "venv", Version: "3.9.21", Home: "/usr/bin", SitePackages: "/v/lib64/python3.9/site-packages", Writable: true},
		},
		"interpreter gone": {
			"-- usr/bin/x --\n-- v/pyvenv.cfg --\nhome = /usr/bin\nversion = 3.9.21\n-- v/lib/python3.9/site-packages/x --\n",
			Virtualenv{Kind: "venv", Version: "3.9.21", Home: "/usr/bin", SitePackages: "/v/lib/python3.9/site-packages", Writable: true, Broken: "/v/bin/python is missing"},
		},
		"base gone": {
			"-- v/pyvenv.cfg --\nhome = /opt/python/bin\nversion = 3.9.21\n-- v/bin/python --\n-- v/lib/python3.9/site-packages/x --\n",
			Virtualenv{Kind: "venv", Version: "3.9.21", Home: "/opt/python/bin", SitePackages: "/v/lib/python3.9/site-packages", Writable: true, Broken: "its base Python's folder /opt/python/bin is gone"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := treeAt(layTree(t, test.tree)).readVirtualenv("/v")
			if err != nil {
				t.Fatal(err)
			}
			test.want.Path = "/v"
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMovedVirtualenvIsToldForEachActivateScript(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{
		"venv 3.8":  "VIRTUAL_ENV=\"/srv/old\"\nexport VIRTUAL_ENV\n",
		"venv 3.11": "VIRTUAL_ENV=/srv/old\n",
		"venv 3.12": "    export VIRTUAL_ENV=$(cygpath \"/srv/old\")\nelse\n    export VIRTUAL_ENV=\"/srv/old\"\n",
		"uv":        "VIRTUAL_ENV='/srv/old'\nif ! [ -z x ]; then\n    VIRTUAL_ENV=$(cygpath -u \"$VIRTUAL_ENV\")\n",
	} {
		root := layTree(t, "-- v/pyvenv.cfg --\nversion = 3.9.1\n-- v/bin/activate --\n"+line)
		v, err := treeAt(root).readVirtualenv("/v")
		if err != nil || v.MovedFrom != "/srv/old" {
			t.Errorf("%s: moved from %q, %v", name, v.MovedFrom, err)
		}
	}
}

func TestRealVirtualenvIsWhole(t *testing.T) {
	t.Parallel()
	dir := makeVirtualenv(t)
	v, err := ReadVirtualenv(dir)
	if err != nil {
		t.Fatal(err)
	}
	if v.Kind != "venv" || v.Broken != "" || v.MovedFrom != "" || !v.Writable || v.Pip != "" {
		t.Errorf("read %+v", v)
	}
	out, err := exec.Command(v.Python(), "-c", "import sysconfig; print(sysconfig.get_path('platlib'))").Output()
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.TrimSpace(string(out)); v.SitePackages != want {
		t.Errorf("site-packages %s, Python says %s", v.SitePackages, want)
	}
	moved := dir + "-moved"
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	if v, err = ReadVirtualenv(moved); err != nil || v.MovedFrom != dir {
		t.Errorf("moved from %q, %v; want %s", v.MovedFrom, err, dir)
	}
}

func TestFindVirtualenvTakesTheNearest(t *testing.T) { // changes the working folder: not parallel
	root := layTree(t, "-- venv/pyvenv.cfg --\n-- app/.venv/pyvenv.cfg --\n-- app/venv/pyvenv.cfg --\n-- fenced/.git/x --\n-- fenced/empty/.venv/x --\n-- project/.git/x --\n-- project/env/pyvenv.cfg --\n-- project/src/shop/x --\n"+
		"-- old/env/pyvenv.cfg --\n-- own/py311/pyvenv.cfg --\n-- own/src/x --\n-- two/a/pyvenv.cfg --\n-- two/b/pyvenv.cfg --\n-- open/py/pyvenv.cfg --\n")
	if err := os.Chmod(filepath.Join(root, "open"), 0o1777); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, in, explicit, active, want string }{
		{"explicit", "app", "venv", "$root/old/env", "app/venv"},
		{"active", "app", "", "$root/old/env", "old/env"},
		{"dot first", "app", "", "", "app/.venv"},
		{"plain name", ".", "", "", "venv"},
		{"another custom", "old", "", "", "old/env"},
		{"a name of its own", "own", "", "", "own/py311"},
		{"that of the project, from its src", "project/src/shop", "", "", "project/env"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Chdir(filepath.Join(root, test.in))
			t.Setenv("VIRTUAL_ENV", strings.ReplaceAll(test.active, "$root", root))
			got, err := FindVirtualenv(test.explicit)
			want := test.want
			if !filepath.IsAbs(want) {
				want = filepath.Join(root, want)
			}
			if got != want || err != nil {
				t.Errorf("found %q, %v; want %q", got, err, want)
			}
		})
	}
	for _, test := range []struct{ in, want string }{
		{"fenced/empty", "python3 -m venv .venv"}, // what is above a repository is none of its own
		{"two", "there are several here (a, b); name one"},
		{"open", "python3 -m venv .venv"}, // anybody may put one there
	} {
		t.Run("none in "+test.in, func(t *testing.T) {
			t.Chdir(filepath.Join(root, test.in))
			t.Setenv("VIRTUAL_ENV", "")
			if got, err := FindVirtualenv(""); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("found %q, error %v; want %q", got, err, test.want)
			}
		})
	}
	t.Run("a home ends the search", func(t *testing.T) {
		t.Chdir(filepath.Join(root, "own", "src"))
		t.Setenv("VIRTUAL_ENV", "")
		t.Setenv("HOME", root)
		if got, err := FindVirtualenv(""); !errors.Is(err, ErrNoVirtualenv) {
			t.Errorf("found %q, error %v", got, err)
		}
		if got, err := FindVirtualenv("", ".", filepath.Join(root, "app")); got != filepath.Join(root, "app/.venv") {
			t.Errorf("found %q, error %v", got, err)
		}
		t.Setenv("VIRTUAL_ENV", "/srv/removed")
		if got, err := FindVirtualenv(""); err == nil || !strings.Contains(err.Error(), "VIRTUAL_ENV names it, and there is no such folder; forget it with: unset VIRTUAL_ENV") {
			t.Errorf("found %q, error %v", got, err)
		}
	})
}
