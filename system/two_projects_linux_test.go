package system

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// commands runs wsgictl on an instance, for projects with virtualenvs of their own.
type commands struct {
	*instance
	command string
}

func newCommands(t *testing.T) *commands {
	t.Helper()
	i := newInstance(t)
	c := &commands{i, filepath.Join(i.apps, "wsgictl")}
	run(t, "go", "build", "-o", c.command, "github.com/wsgictl/wsgictl/cmd/wsgictl")
	return c
}

// virtualenv makes one with that mod_wsgi, and a script, and declares its site.
func (c *commands) virtualenv(release, name string) (file string) {
	c.t.Helper()
	folder := filepath.Join(c.apps, name)
	c.application(name, name)
	run(c.t, "/usr/bin/python3", "-m", "venv", "--without-pip", filepath.Join(folder, "venv"))
	packages, err := filepath.Glob(filepath.Join(folder, "venv/lib/python3.*/site-packages"))
	if err != nil || len(packages) != 1 {
		c.t.Fatalf("site-packages %v, error %v", packages, err)
	}
	module, err := os.ReadFile(httpdtest.Module(c.t, release))
	if err != nil {
		c.t.Fatal(err)
	}
	c.write(filepath.Join(packages[0], "mod_wsgi/server/mod_wsgi-py311.cpython-311-x86_64-linux-gnu.so"), string(module))
	return c.toml(name, "")
}

// toml declares a site, with further lines.
func (c *commands) toml(name, lines string) (file string) {
	folder := filepath.Join(c.apps, name)
	return c.write(filepath.Join(folder, "wsgictl.toml"), fmt.Sprintf(`venv = "%[1]s/venv"
[site.%[2]s]
server-name = "%[2]s.example.org"
port = %[3]d
log-directory = "%[4]s/log"
script = "%[1]s/wsgi.py"
%[5]s`, folder, name, c.port, c.root, lines))
}

func (c *commands) text(path string) string {
	c.t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		c.t.Fatal(err)
	}
	return string(text)
}

// run expects an exit code of a command in a project's folder, and words of what it
// says.
func (c *commands) run(code int, project, line string, want ...string) {
	c.t.Helper()
	command := exec.CommandContext(c.t.Context(), c.command, strings.Fields(line)...)
	command.Args = append(command.Args, "--server-root", c.root, "--httpd", "/usr/sbin/apache2", "--state", c.History.Path())
	command.Dir = filepath.Join(c.apps, project)
	output, err := command.CombinedOutput()
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		c.t.Fatal(err)
	}
	if got != code {
		c.t.Errorf("%s: wsgictl %s: exit code %d, want %d\n%s", project, line, got, code, output)
	}
	for _, text := range want {
		if !strings.Contains(string(output), text) {
			c.t.Errorf("%s: wsgictl %s: does not say %q:\n%s", project, line, text, output)
		}
	}
}

// Two projects with different releases, by the command line: who brings the newer
// one is asked, and what is wrong with the one is nothing to the other.
func TestTwoProjectsByTheCommandLine(t *testing.T) {
	t.Parallel()
	c := newCommands(t)
	shop, blog := c.virtualenv("4.9.4", "shop"), c.virtualenv("6.1.1", "blog")
	c.virtualenv("4.9.4", "news")
	c.run(0, "shop", "apply --yes")
	forShop := "mod_wsgi 4.9.4 → 6.1.1, also for shop (" + shop + ")"
	c.run(3, "blog", "plan", forShop)
	c.run(1, "blog", "apply", "not confirmed, so nothing was changed: it changes what other projects are served with ("+forShop+")")
	c.run(0, "blog", "apply --yes", forShop)
	c.expect("shop", "6.1.1")
	c.run(0, "shop", "apply --yes")
	c.run(0, "shop", "plan", "Apache loads mod_wsgi 6.1.1 (blog ("+blog+") asks for 6.1.1): this declaration, which asks for 4.9.4, is served with it.", "Nothing to do")
	c.run(0, "blog", "plan", "Nothing to do")
	c.run(2, "news", "plan", "mod_wsgi 4.9.4 is older than the 6.1.1 that Apache loads (blog ("+blog+") asks for 6.1.1)", "wsgictl install-module --release 6.1.1")

	c.toml("news", "")
	c.write(filepath.Join(c.apps, "news/wsgictl.toml"), strings.Replace(c.text(filepath.Join(c.apps, "news/wsgictl.toml")), "[site.news]", "[site.limits]", 1))
	c.run(2, "news", "plan", "daemon limits: wsgictl keeps what is for the whole server in a file of that name (wsgictl-limits.conf)")

	// A name of another project's site is not taken away from it.
	c.toml("blog", "server-alias = [\"*.example.org\"]\n")
	c.run(1, "blog", "apply --yes", "nothing was changed: site shop of "+shop+" is answered by its own virtual host at http://shop.example.org:", "sites-enabled/blog.conf:4 (it has the same name and port, and comes first) would answer instead")

	c.write(shop, "nonsense")
	c.toml("blog", "[daemon.blog]\nprocesses = 3\n")
	c.run(0, "blog", "apply --yes", "Done: generation 4")
	c.run(1, "blog", "status", "declared "+shop+": "+shop+":1:", "declared "+blog+": as applied", "site     shop, daemon shop, declared in "+shop+": answers in daemon mode")
	c.toml("shop", "")

	c.a2dissite("shop")
	c.run(0, "blog", "plan", "Nothing to do")
	c.run(1, "shop", "plan", "site shop was disabled by a person ("+c.root+"/sites-enabled/shop.conf is gone): keep it so with disabled = true in its [site.shop], or enable it again with --overwrite")
	c.run(1, "shop", "apply --yes", "site shop was disabled by a person")
	c.toml("shop", "disabled = true\n")
	c.run(0, "shop", "apply --yes", "Done: generation 5")
	c.run(0, "blog", "status", "site     shop, daemon shop, declared in "+shop+": disabled")
	link := filepath.Join(c.root, "sites-enabled/shop.conf")
	if err := os.Symlink("../sites-available/shop.conf", link); err != nil {
		t.Fatal(err)
	}
	c.run(1, "shop", "plan", "site shop is declared with disabled = true, and was enabled by a person ("+link+" is there): take that key out of its [site.shop] to serve it, or disable it again with --overwrite")
	c.run(1, "blog", "status", "declared in "+shop+": declared as disabled, and enabled by a person since it was applied")
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	c.run(2, "blog", "rollback 1 --yes", "that would undo changes of several projects ("+blog+", "+shop+"): go back for one of them with --file FILE, or for all with --all")
	c.run(0, "blog", "rollback --yes --file "+blog, "Done: generation 6")
	c.run(0, "blog", "history", "rollback 3 of "+blog)
	c.run(0, "blog", "remove shop --yes", "Done: generation 7")
	c.expect("blog", "6.1.1")
}

// A shared file that a person edited is named as such.
func TestEditedSharedFileIsNamedAsShared(t *testing.T) {
	t.Parallel()
	c := newCommands(t)
	c.virtualenv("6.1.1", "shop")
	c.virtualenv("6.1.1", "blog")
	c.run(0, "shop", "apply --yes")
	c.run(0, "blog", "apply --yes")
	load := filepath.Join(c.root, "mods-available/wsgictl.load")
	text, err := os.ReadFile(load)
	if err != nil {
		t.Fatal(err)
	}
	c.write(load, string(text)+"# edited\n")
	c.run(1, "blog", "plan", load+", which several projects share, was edited since wsgictl wrote it")
	c.run(0, "blog", "remove shop --yes")
	c.run(1, "blog", "plan", load+" was edited since wsgictl wrote it")
}
