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
