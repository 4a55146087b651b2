package system

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/store/storetest"
)

// TestKilledApplyIsWholeAfterTheNextCommand kills "wsgictl apply" of another site at
// random, with a real Apache: in the plan, over the staged copy, between any two files,
// while Apache is held, is reloading, or is asked. After the next command the files are
// wholly those from before or wholly those that were applied, Apache serves them, and
// nothing is left beside them.
func TestKilledApplyIsWholeAfterTheNextCommand(t *testing.T) {
	t.Parallel()
	c := newCommands(t)
	c.virtualenv("6.1.1", "shop")
	c.application("blog", "blog")
	lay := func(lines string) {
		t.Helper()
		c.toml("shop", lines)
		c.run(0, "shop", "apply --yes")
	}
	blog := c.withSite("blog")
	lay(blog)
	after := c.applied()
	lay("")
	before := c.applied()
	if cmp.Diff(before, after) == "" {
		t.Fatal("nothing is to be changed, so that the test says nothing")
	}
	start := func() *exec.Cmd {
		lay("")
		c.toml("shop", blog)
		command := exec.Command(c.command, "apply", "--yes", "--server-root", c.root, "--httpd", "/usr/sbin/apache2", "--state", c.History.Path())
		command.Dir = filepath.Join(c.apps, "shop")
		return command
	}
	check := func(bool) {
		t.Helper()
		c.run(2, "shop", "remove none --yes", "no site none") // which ends what was interrupted
		now := c.applied()
		sites := map[string]bool{"shop": true, "blog": cmp.Diff(after, now) == ""}
		if !sites["blog"] && cmp.Diff(before, now) != "" {
			t.Fatalf("it is neither (-before +now):\n%s\n(-after +now):\n%s", cmp.Diff(before, now), cmp.Diff(after, now))
		}
		for site, served := range sites {
			c.awaitSite(site, served)
		}
		if !sites["blog"] {
			c.toml("shop", "") // which is in force
		}
		c.run(0, "shop", "status", "all as applied")
		c.clean()
	}
	storetest.KillIn(t, filepath.Join(c.root, "sites-available"), c.History.Path("journal.json"), start())
	check(true)
	storetest.KillAtRandom(t, storetest.Kills(4, 300), start, check)
}

// withSite are the lines that declare a further site of the project.
func (c *commands) withSite(name string) string {
	text := strings.ReplaceAll(c.text(c.toml("shop", "")), "site.shop", "site."+name)
	text = strings.ReplaceAll(text, "shop.example.org", name+".example.org")
	text = strings.ReplaceAll(text, filepath.Join(c.apps, "shop", "wsgi.py"), filepath.Join(c.apps, name, "wsgi.py"))
	_, lines, _ := strings.Cut(text, "\n") // the virtualenv is declared once
	return lines
}

// fresh is what each apply writes anew: the mark by which it asks, and digests with it.
var fresh = regexp.MustCompile(`sha256:[0-9a-f]+|Wsgictl-Probe'\) == '[^']*'`)

// applied is the tree without what each apply writes anew.
func (c *commands) applied() map[string]string {
	c.t.Helper()
	tree := map[string]string{}
	for path, state := range c.tree() {
		tree[path] = state.String()
		if state.Kind == store.File && filepath.Ext(path) != ".so" { // of a module, which has its digest in its name, that it is there
			tree[path] += "\n" + fresh.ReplaceAllString(string(state.Content), "")
		}
	}
	return tree
}

// awaitSite waits until a site is served as it is to be, or no longer.
func (c *commands) awaitSite(name string, served bool) {
	c.t.Helper()
	want := name + " from " + name + " of 6.1.1"
	var status int
	var body string
	var err error
	for limit := time.Now().Add(time.Minute); time.Now().Before(limit); time.Sleep(50 * time.Millisecond) {
		status, body, err = c.get(name + ".example.org")
		if err == nil && (status == http.StatusOK && body == want) == served {
			return
		}
	}
	log, _ := os.ReadFile(c.root + "/log/error.log")
	c.t.Fatalf("%s: status %d, body %.80q, error %v; served is to be %v\n%s", name, status, body, err, served, log[max(0, len(log)-4000):])
}
