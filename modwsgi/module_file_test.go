package modwsgi

import "testing"

func TestModuleFilesAreReadAsTheyAreNamed(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"6.1.1", "4.9.4", "6.1.0rc1", "6.0.5.dev1"} {
		want := ModuleFile{MustParseRelease(text), "3.11"}
		name := want.Name([]byte("text"))
		if wanted := "mod_wsgi-" + text + "-py3.11-982d9e3e.so"; name != wanted {
			t.Errorf("named %s, want %s", name, wanted)
		}
		if got, ok := ParseModuleFile("/usr/lib/apache2/modules/" + name); !ok || got.Python != want.Python || got.Release.Compare(want.Release) != 0 {
			t.Errorf("%s: read as %v, %v", name, got, ok)
		}
	}
	for _, other := range []string{"", "mod_wsgi.so", "mod_wsgi-6.1.1-py3.11-982d9e3e.so.bak", "mod_wsgi-py311.cpython-311.so", "mod_wsgi-x-py3.11-982d9e3e.so", "mod_wsgi-6.1.1-py3-982d9e3e.so"} {
		if got, ok := ParseModuleFile(other); ok {
			t.Errorf("%q is read as %v", other, got)
		}
	}
}
