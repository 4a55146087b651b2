package installer

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// madeUp is an environment with files, named from a new root, and variables.
func madeUp(t *testing.T, files, variables map[string]string) PipEnvironment {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return PipEnvironment{
		Getenv: func(name string) string { return os.Expand(variables[name], func(string) string { return root }) },
		Dir:    filepath.Join(root, "project/below"),
		Home:   filepath.Join(root, "home"),
		Root:   root,
		Venv:   filepath.Join(root, "venv"),
	}
}

func TestPipConfigTakesTheMostImportantPlace(t *testing.T) {
	t.Parallel()
	global := func(index string) string { return "[global]\nindex-url = " + index + "\n" }
	for name, test := range map[string]struct {
		files, variables map[string]string
		want             string
	}{
		"nothing": {nil, nil, ""},
		"system, by XDG": {
			map[string]string{"etc/xdg/pip/pip.conf": global("xdg")}, nil, "xdg",
		},
		"system before XDG": {
			map[string]string{"etc/xdg/pip/pip.conf": global("xdg"), "etc/pip.conf": global("etc")}, nil, "etc",
		},
		"another XDG_CONFIG_DIRS": {
			map[string]string{"a/pip/pip.conf": global("a"), "b/pip/pip.conf": global("b")},
			map[string]string{"XDG_CONFIG_DIRS": "/a:/b"}, "a",
		},
		"user's former place": {
			map[string]string{"etc/pip.conf": global("etc"), "home/.pip/pip.conf": global("old")}, nil, "old",
		},
		"user": {
			map[string]string{"home/.pip/pip.conf": global("old"), "home/.config/pip/pip.conf": global("user")}, nil, "user",
		},
		"user, by XDG_CONFIG_HOME": {
			map[string]string{"config/pip/pip.conf": global("mine")}, map[string]string{"XDG_CONFIG_HOME": "$root/config"}, "mine",
		},
		"virtualenv": {
			map[string]string{"home/.config/pip/pip.conf": global("user"), "venv/pip.conf": global("venv")}, nil, "venv",
		},
		"PIP_CONFIG_FILE": {
			map[string]string{"venv/pip.conf": global("venv"), "named.conf": global("named")},
			map[string]string{"PIP_CONFIG_FILE": "$root/named.conf"}, "named",
		},
		"PIP_CONFIG_FILE in the user's place": {
			map[string]string{"home/.config/pip/pip.conf": global("user"), "named.conf": ""},
			map[string]string{"PIP_CONFIG_FILE": "$root/named.conf"}, "",
		},
		"PIP_CONFIG_FILE that is not there": {
			map[string]string{"home/.config/pip/pip.conf": global("user")},
			map[string]string{"PIP_CONFIG_FILE": "$root/gone.conf"}, "user",
		},
		"no file at all": {
			map[string]string{"etc/pip.conf": global("etc"), "venv/pip.conf": global("venv")},
			map[string]string{"PIP_CONFIG_FILE": os.DevNull}, "",
		},
		"section of the command": {
			map[string]string{"etc/pip.conf": "[install]\nindex-url = install\n", "venv/pip.conf": global("global")}, nil, "install",
		},
		"variable": {
			map[string]string{"venv/pip.conf": "[install]\nindex_url: conf\n"}, map[string]string{"PIP_INDEX_URL": "variable"}, "variable",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			settings, _, err := madeUp(t, test.files, test.variables).pipConfig()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, settings["index-url"]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPipConfigReadsFormsOfValues(t *testing.T) {
	t.Parallel()
	settings, _, err := madeUp(t, map[string]string{"etc/pip.conf": `
# a comment
[global]
--Index_URL : https://a.example/simple
extra-index-url =
    https://b.example/simple
    ; between
    https://c.example/simple
no-index = yes
[other]
proxy = http://not.used/
`}, nil).pipConfig()
	if err != nil {
		t.Fatal(err)
	}
	want := pipSettings{"index-url": "https://a.example/simple", "extra-index-url": "https://b.example/simple\nhttps://c.example/simple", "no-index": "yes"}
	if diff := cmp.Diff(want, settings); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"https://b.example/simple", "https://c.example/simple"}, settings.list("extra-index-url")); diff != "" {
		t.Error(diff)
	}
	if !settings.on("no-index") || settings.on("proxy") {
		t.Error("no-index is off, or a switch that is not set is on")
	}
}

func TestPipConfigShowsNoLineThatMayHoldASecret(t *testing.T) {
	t.Parallel()
	_, _, err := madeUp(t, map[string]string{"etc/pip.conf": "https_user_secret@host\n"}, nil).pipConfig()
	if err == nil {
		t.Fatal("no error for a line that is none")
	}
	if diff := cmp.Diff(false, containsSecret(err.Error())); diff != "" {
		t.Error(err)
	}
}
