package installer

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUVIndexes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		files, variables map[string]string
		want             []string
	}{
		"nothing": {nil, nil, nil},
		"default by variable": {
			nil, map[string]string{"UV_DEFAULT_INDEX": "main=https://d.example/simple", "UV_INDEX_URL": "https://old.example/"},
			[]string{"https://d.example/simple"},
		},
		"former variable": {
			nil, map[string]string{"UV_INDEX_URL": "https://old.example/?a=b"}, []string{"https://old.example/?a=b"},
		},
		"further ones come first": {
			nil, map[string]string{"UV_INDEX": "corp=https://c.example/ https://e.example/", "UV_EXTRA_INDEX_URL": "https://x.example/", "UV_DEFAULT_INDEX": "https://d.example/"},
			[]string{"https://c.example/", "https://e.example/", "https://x.example/", "https://d.example/"},
		},
		"login by variables": {
			nil, map[string]string{"UV_INDEX": "my-corp=https://c.example/", "UV_INDEX_MY_CORP_USERNAME": "bob", "UV_INDEX_MY_CORP_PASSWORD": "secret"},
			[]string{"https://bob:secret@c.example/"},
		},
		"project's file, from a folder below": {
			map[string]string{"project/uv.toml": "[[index]]\nname = 'a'\nurl = 'https://a.example/'\n[[index]]\nurl = 'https://d.example/'\ndefault = true\n[[index]]\nurl = 'https://e.example/'\nexplicit = true\n"},
			nil, []string{"https://a.example/", "https://d.example/"},
		},
		"pyproject.toml": {
			map[string]string{"project/pyproject.toml": "[project]\nname = 'x'\n[tool.uv]\nindex-url = 'https://p.example/'\n"},
			nil, []string{"https://p.example/"},
		},
		"project before user before system": {
			map[string]string{
				"project/uv.toml":         "extra-index-url = ['https://p.example/']\n",
				"home/.config/uv/uv.toml": "index-url = 'https://u.example/'\n",
				"etc/uv/uv.toml":          "index-url = 'https://s.example/'\n",
			}, nil, []string{"https://p.example/", "https://u.example/"},
		},
		"system": {
			map[string]string{"etc/uv/uv.toml": "index-url = 'https://s.example/'\n"}, nil, []string{"https://s.example/"},
		},
		"UV_CONFIG_FILE": {
			map[string]string{"project/uv.toml": "index-url = 'https://p.example/'\n", "my.toml": "index-url = 'https://m.example/'\n"},
			map[string]string{"UV_CONFIG_FILE": "$root/my.toml"}, []string{"https://m.example/"},
		},
		"UV_NO_CONFIG": {
			map[string]string{"project/uv.toml": "index-url = 'https://p.example/'\n"}, map[string]string{"UV_NO_CONFIG": "1"}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			settings, err := madeUp(t, test.files, test.variables).uvSettings()
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, index := range settings.indexes {
				got = append(got, index.URL)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUVSettingsRefuseADamagedFile(t *testing.T) {
	t.Parallel()
	if _, err := madeUp(t, map[string]string{"project/uv.toml": "index-url = \n"}, nil).uvSettings(); err == nil {
		t.Error("no error")
	}
}
