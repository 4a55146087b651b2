package system

import (
	"os"
	"path/filepath"
	"testing"
)

// A declaration that is reached by a link is the same one, and one that was renamed
// takes its sites with it, also where no file of them becomes another.
func TestDeclarationIsKnownByItsFile(t *testing.T) {
	t.Parallel()
	c := newCommands(t)
	shop := c.virtualenv("6.1.1", "shop")
	blog := c.virtualenv("6.1.1", "blog")
	c.run(0, "shop", "apply --yes")
	if err := os.Symlink("shop", filepath.Join(c.apps, "link")); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(c.apps, "link/wsgictl.toml")
	c.run(0, "blog", "plan --file "+link, "Nothing to do")
	c.toml("shop", "server-alias = [\"www.shop.example.org\"]\n")
	c.run(0, "blog", "apply --yes --file "+link, "Done: generation 2")
	c.run(0, "blog", "rollback --yes --file "+link, "Done: generation 3")
	c.toml("shop", "")
	c.run(0, "shop", "plan", "Nothing to do") // with the mark that a rollback for it alone gave

	c.toml("shop", "server-alias = [\"www.shop.example.org\"]\n")
	c.run(0, "shop", "apply --yes", "Done: generation 4")

	renamed := filepath.Join(c.apps, "shop/shop.toml")
	if err := os.Rename(shop, renamed); err != nil {
		t.Fatal(err)
	}
	c.run(1, "shop", "status", "declared "+shop+": no "+shop)
	note := "Site shop, which " + shop + " declared, is declared by " + renamed + " from now on."
	c.run(3, "shop", "plan --file "+renamed, note, "No file is to be changed, and that is to be recorded: wsgictl apply")
	c.run(1, "shop", "apply --file "+renamed, "not confirmed")
	parent := c.RunningPID()
	c.run(0, "shop", "apply --yes --file "+renamed, note, "Done: generation 5")
	c.run(0, "shop", "status", "declared "+renamed+": as applied")
	c.run(0, "shop", "plan --file "+renamed, "Nothing to do")
	// It goes back to what it was by its former name.
	c.run(0, "shop", "rollback --yes", "This goes back to generation 3 for "+renamed, "Done: generation 6")
	c.run(1, "shop", "status", "site     shop, daemon shop, declared in "+renamed+": answers in daemon mode", "declared "+renamed+": 2 changes are pending")
	c.run(0, "shop", "apply --yes --file "+renamed, "Done: generation 7")
	c.run(0, "shop", "rollback --yes --file "+renamed, "Done: generation 8")
	c.expect("shop", "6.1.1")
	if c.RunningPID() != parent {
		t.Error("Apache was started again")
	}

	// Another project that takes the name of a site whose declaration is gone is told of it.
	if err := os.Remove(renamed); err != nil {
		t.Fatal(err)
	}
	c.write(blog, c.text(blog)+"[site.shop]\nserver-name = \"shop.example.org\"\nport = 80\nscript = \""+c.apps+"/blog/wsgi.py\"\n")
	c.run(3, "blog", "plan", "Site shop, which "+renamed+" declared, is declared by "+blog+" from now on.")
}
