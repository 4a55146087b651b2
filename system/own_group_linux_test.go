package system

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Who has begun with "render site" goes on with "apply": the file is that of the same
// site, and cannot be kept beside the declaration.
func TestFileThatRenderSiteWroteIsReplaced(t *testing.T) {
	t.Parallel()
	c := newCommands(t)
	file := c.virtualenv("6.1.1", "shop")
	site := filepath.Join(c.root, "sites-available/shop.conf")
	rendered, err := exec.CommandContext(t.Context(), c.command, "render", "site", "--file", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	c.write(site, string(rendered))
	if err := os.Symlink("../sites-available/shop.conf", filepath.Join(c.root, "sites-enabled/shop.conf")); err != nil {
		t.Fatal(err)
	}
	before := c.tree()
	what := site + " declares daemon process group shop itself, as what \"wsgictl render site\" prints does, and " + c.root + "/conf-available/wsgictl-shop.conf declares it too: Apache takes one of them, so that --adopt cannot keep the file. Replace it with --overwrite"
	for _, line := range []string{"plan", "plan --adopt", "apply --yes", "apply --yes --adopt"} {
		c.run(1, "shop", line, what)
	}
	c.run(0, "shop", "apply --yes --overwrite", "Done: generation 1")
	c.expect("shop", "6.1.1")

	// One that is written into a file of wsgictl's is no better.
	c.write(site, c.text(site)+"WSGIDaemonProcess shop\n")
	c.run(1, "shop", "apply --yes --adopt", what)
	c.run(0, "shop", "apply --yes --overwrite", "Done: generation 2")
	c.run(0, "shop", "remove shop --yes", file+" still declares the site")
	if diff := cmp.Diff(before, c.tree()); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

// A site that somebody serves already by another file, with a group of the same name, is
// named with that file, and not in httpd's words of a duplicate.
func TestGroupThatAnotherFileDeclaresIsNamed(t *testing.T) {
	t.Parallel()
	c := newCommands(t)
	c.virtualenv("6.1.1", "shop")
	c.write("sites-available/www.conf", "# mine\n<IfModule wsgi_module>\nWSGIDaemonProcess shop\n</IfModule>\n")
	enabled := filepath.Join(c.root, "sites-enabled/www.conf")
	if err := os.Symlink("../sites-available/www.conf", enabled); err != nil {
		t.Fatal(err)
	}
	what := "nothing was changed: daemon process group shop is declared at " + enabled + ":3, too, in a file that wsgictl did not write"
	remedy := "take it out of the configuration (a2dissite www); where it is for another, give the site here another name"
	c.run(1, "shop", "plan", what, remedy)
	c.run(1, "shop", "apply --yes --overwrite", what, remedy)
	if err := os.Remove(enabled); err != nil {
		t.Fatal(err)
	}
	c.run(0, "shop", "apply --yes", "Done: generation 1")
}
