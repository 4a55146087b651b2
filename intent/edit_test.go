package intent

import (
	"strings"
	"testing"
)

func TestLinesAreAddedToTheTableOfASite(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want, err string }{
		"last table": {
			"# top\n[site.shop] # sells\nserver-name = \"a\" # name\n# end\n",
			"# top\n[site.shop] # sells\nserver-name = \"a\" # name\nport = 81\n# end\n", "",
		},
		"before another table": {
			"[site.shop]\nserver-name = \"a\"\n\n# the daemon\n[daemon.shop]\nprocesses = 2\n",
			"[site.shop]\nserver-name = \"a\"\nport = 81\n\n# the daemon\n[daemon.shop]\nprocesses = 2\n", "",
		},
		"after a value of several lines": {
			"[site.shop]\nserver-name = \"a\"\nserver-alias = [\n  \"b\", # b\n  \"c\",\n]\n[site.blog]\nserver-name = \"d\"\n",
			"[site.shop]\nserver-name = \"a\"\nserver-alias = [\n  \"b\", # b\n  \"c\",\n]\nport = 81\n[site.blog]\nserver-name = \"d\"\n", "",
		},
		"no end of line":    {"[site.shop]\nserver-name = \"a\"", "[site.shop]\nserver-name = \"a\"\nport = 81\n", ""},
		"carriage returns":  {"[site.shop]\r\nserver-name = \"a\"\r\n", "[site.shop]\r\nserver-name = \"a\"\r\nport = 81\r\n", ""},
		"quoted name":       {"[site.\"shop\"]\nserver-name = \"a\"\n", "[site.\"shop\"]\nserver-name = \"a\"\nport = 81\n", ""},
		"no key yet":        {"[site.shop]\n", "[site.shop]\nport = 81\n", ""},
		"inline":            {"site.shop = { server-name = \"a\" }\n", "", "the site shop has no table [site.shop]"},
		"key there already": {"[site.shop]\nport = 80\n", "", "w.toml:3:1"},
		"another site":      {"[site.blog]\nport = 80\n", "", "has no table"},
	} {
		got, err := AddToSite("w.toml", c.text, "shop", []string{"port = 81"})
		if got != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %q, error %v", name, got, err)
		}
	}
}
