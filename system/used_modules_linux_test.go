package system

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/wsgictl/wsgictl/needtest"
)

// A module that wsgictl enabled and that others' files use by now stays, so that the
// last site can be removed; "a2enmod headers" had nothing to do.
func TestModuleThatOthersUseStaysEnabled(t *testing.T) {
	t.Parallel()
	c := newCommands(t)
	c.virtualenv("6.1.1", "shop")
	headers := filepath.Join(c.root, "mods-enabled/headers.load")
	if _, err := os.Lstat(headers); err == nil {
		needtest.Missing(t, "this host enables mod_headers already")
	}
	c.run(0, "shop", "apply --yes")
	theirs := c.write(filepath.Join(c.root, "conf-enabled/theirs.conf"), "\n<IfModule mod_headers.c>\nHeader set X-Theirs 1\n</IfModule>\n")
	c.run(0, "shop", "remove shop --yes", "Apache's module headers stays enabled, since "+theirs+":3 uses it (Header).", "Done: generation 2")
	if _, err := os.Lstat(headers); err != nil {
		t.Error(err)
	}
	c.clean()
	if err := os.Remove(theirs); err != nil {
		t.Fatal(err)
	}
	c.run(0, "shop", "apply --yes")
	c.run(0, "shop", "remove shop --yes")
	if _, err := os.Lstat(headers); err != nil {
		t.Error("a module that is others' by now was disabled: ", err)
	}
}
