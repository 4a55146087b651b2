package conf

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSearchedIsWhatMayAppear reads includes of each kind, and lists where a
// file that appears would be read, or would change what is.
func TestSearchedIsWhatMayAppear(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, text := range map[string]string{"base/folder/inner/a.conf": "", "base/sites/one/site.conf": "", "base/sites/two/other.conf": "", "base/there.conf": "<IfFile ../gone>\n</IfFile>\n"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for include, want := range map[string][]string{
		"Include there.conf":                               {"/gone"},
		"Include lost.conf":                                {"/base/lost.conf"},
		"IncludeOptional lost.conf":                        {"/base/lost.conf"},
		"IncludeOptional *.conf":                           {"/base", "/gone"},
		"Include folder":                                   {"/base/folder", "/base/folder/inner"},
		"Include sites/*/site.conf":                        {"/base/sites", "/base/sites/two/site.conf"},
		"IncludeOptional lost/*.conf":                      {"/base/lost"},
		"<IfFile there.conf>\nInclude folder\n</IfFile>":   {"/base/folder", "/base/folder/inner", "/base/there.conf"},
		"<IfFile /base/none>\nInclude folder\n</IfFile>":   {"/base/none"},
		"IncludeOptional lost.conf\nInclude lost.conf":     {"/base/lost.conf"},
		"Define name lost\nIncludeOptional ${name}/a.conf": {"/base/lost/a.conf"},
	} {
		config := ReadSource("/base/httpd.conf", include+"\n", Options{Root: root, Scope: Whole})
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(config.Searched))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", include, diff)
		}
		for name, link := range config.Searched {
			if !strings.HasPrefix(link.Directive, "Include") && !strings.HasPrefix(link.Directive, "<IfFile") {
				t.Errorf("%s: %s is searched by %q", include, name, link.Directive)
			}
		}
	}
}
