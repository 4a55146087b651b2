package system

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What a person wrote into a file that goes is not lost by --adopt, which has no file
// then in which it could go on.
func TestAdoptLosesNoEditOfAFileThatGoes(t *testing.T) {
	t.Parallel()
	c := newCommands(t)
	file := c.virtualenv("6.1.1", "shop")
	c.run(0, "shop", "apply --yes")
	path := filepath.Join(c.root, "sites-available/shop.conf")
	c.write(path, strings.Replace(c.read("sites-available/shop.conf"), "ServerSignature Off\n", "ServerSignature Off\n    Header set X-By-Hand 1\n", 1))
	edited := c.read("sites-available/shop.conf")
	advice := path + " was edited since wsgictl wrote it, and would be removed; the diff shows it. Save elsewhere what is to be kept of it, and let it be removed with --overwrite"
	for _, line := range []string{"remove shop --yes", "remove shop --yes --adopt", "rollback --yes --adopt", "rollback --yes --adopt --file " + file} {
		c.run(1, "shop", line, advice)
	}
	c.toml("shop", "") // the same site by another name
	c.write(file, strings.Replace(c.text(file), "[site.shop]", "[site.store]", 1))
	c.run(1, "shop", "apply --yes --adopt", advice)
	if c.read("sites-available/shop.conf") != edited {
		t.Error("the edit is gone")
	}
	c.run(0, "shop", "remove shop --yes --overwrite", "Done: generation 2")
	if _, err := os.Lstat(path); err == nil {
		t.Errorf("%s is there", path)
	}
}
