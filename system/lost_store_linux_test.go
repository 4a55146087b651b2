package system

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Where what wsgictl remembers is lost, as on a server that got the configuration of
// another one, each project is applied anew over its own files, and the module that
// they load is no other's.
func TestProjectsAreAppliedAnewWithoutTheStore(t *testing.T) {
	t.Parallel()
	c := newCommands(t)
	c.virtualenv("6.1.1", "shop")
	c.virtualenv("6.1.1", "blog")
	c.run(0, "shop", "apply --yes")
	c.run(0, "blog", "apply --yes")
	if err := os.Rename(c.History.Path(), c.History.Path()+"-lost"); err != nil {
		t.Fatal(err)
	}
	c.write(filepath.Join(c.root, "sites-available/blog.conf"), c.read("sites-available/blog.conf")+"# edited\n")
	c.run(0, "shop", "apply --yes", "Done: generation 1")
	c.run(1, "blog", "apply --yes", "sites-available/blog.conf was edited since wsgictl wrote it")
	c.run(0, "blog", "apply --yes --overwrite", "Done: generation 2")
	c.run(0, "blog", "status", "all as applied")
	c.expect("shop", "6.1.1")
	c.expect("blog", "6.1.1")
	c.run(0, "shop", "remove shop --yes")
	c.run(0, "blog", "remove blog --yes")
	for _, folder := range []string{"sites-available", "sites-enabled", "conf-available", "conf-enabled", "mods-available", "mods-enabled"} {
		left, err := filepath.Glob(filepath.Join(c.root, folder, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range left {
			if name := filepath.Base(path); strings.Contains(name, "wsgictl") || strings.Contains(name, "shop") || strings.Contains(name, "blog") {
				t.Errorf("%s is there", path)
			}
		}
	}
}
