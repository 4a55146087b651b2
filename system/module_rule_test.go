package system

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// Whichever is applied in whatever order, any number of times: the newest release
// that a project asks for serves all.
func TestProjectsWithSeveralReleasesConverge(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	before := i.tree()
	shop, blog := i.project("4.9.4", "shop"), i.project("6.1.1", "blog")
	if err := i.apply(shop); err != nil {
		t.Fatal(err)
	}
	plan, err := i.Plan(blog, Refuse)
	if err != nil {
		t.Fatal(err)
	}
	if want := "mod_wsgi 4.9.4 → 6.1.1, also for shop (" + shop.File + ")"; !slices.Equal(plan.ForOthers, []string{want}) {
		t.Errorf("for others %q, want %q", plan.ForOthers, want)
	}
	if err := i.carryOut(plan); err != nil {
		t.Fatal(err)
	}
	i.expect("shop", "6.1.1")
	i.expect("blog", "6.1.1")

	if err := i.apply(shop); err != nil { // which is written for the newer one
		t.Fatal(err)
	}
	for range 2 {
		for _, d := range []Declaration{blog, shop} {
			plan, err := i.Plan(d, Refuse)
			if err != nil || !plan.IsEmpty() || len(plan.ForOthers) > 0 {
				t.Errorf("%s: error %v, changes %v, for others %q", d.File, err, plan.Changes, plan.ForOthers)
			}
			if asked := "blog (" + blog.File + ") asks for 6.1.1): this declaration, which asks for 4.9.4, is served with it"; strings.Contains(strings.Join(plan.Notes, ""), asked) != (d.File == shop.File) {
				t.Errorf("%s: notes %q", d.File, plan.Notes)
			}
		}
	}
	_, err = i.Plan(i.project("4.9.4", "news"), Refuse)
	if err == nil || !strings.Contains(err.Error(), "mod_wsgi 4.9.4 is older than the 6.1.1 that Apache loads (blog ("+blog.File+") asks for 6.1.1)") || !strings.Contains(err.Error(), "install-module --release 6.1.1") {
		t.Errorf("a new project with an older one: error %v", err)
	}

	if err := i.remove("blog"); err != nil {
		t.Fatal(err)
	}
	i.expect("shop", "6.1.1") // nothing becomes of it by the removal of another
	if err := i.apply(shop); err != nil {
		t.Fatal(err)
	}
	i.expect("shop", "4.9.4")
	if err := i.remove("shop"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, i.tree()); diff != "" {
		t.Errorf("the Apache is another one (-before +after):\n%s", diff)
	}
}

// A declaration whose file was moved is the one that was applied.
func TestDeclarationThatWasMovedKeepsItsSites(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	shop := i.project("4.9.4", "shop")
	shop.Sites[0].Port = httpdtest.FreePort(t)
	for _, d := range []Declaration{shop, i.project("6.1.1", "blog")} {
		if err := i.apply(d); err != nil {
			t.Fatal(err)
		}
	}
	moved := i.project("4.9.4", "shop") // on a port that blog is on as well
	if err := os.Remove(shop.File); err != nil {
		t.Fatal(err)
	}
	moved.File = i.write(filepath.Join(i.apps, "moved/wsgictl.toml"), "")
	if err := i.apply(moved); err != nil {
		t.Fatal(err)
	}
	i.expect("shop", "6.1.1")
	current, err := i.History.Current()
	if err != nil || cmp.Diff([]string{i.project("6.1.1", "blog").File, moved.File}, filesOf(current.Sites)) != "" {
		t.Errorf("declarations %v, error %v", filesOf(current.Sites), err)
	}
	if listens, err := filepath.Glob(filepath.Join(i.root, "conf-available/wsgictl-listen-*")); err != nil || len(listens) > 0 {
		t.Errorf("ports that nobody needs are left: %v, error %v", listens, err)
	}
}

// Two builds of one release do not take turns.
func TestBuildsOfOneReleaseAreOneModule(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	shop, blog := i.project("6.1.1", "shop"), i.project("6.1.1", "blog")
	blog.Module.Content = append(append([]byte{}, blog.Module.Content...), 0)
	for _, d := range []Declaration{shop, blog} {
		if err := i.apply(d); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range []Declaration{shop, blog} {
		if plan, err := i.Plan(d, Refuse); err != nil || !plan.IsEmpty() {
			t.Errorf("%s: error %v, changes %v", d.File, err, plan.Changes)
		}
	}
	if err := i.remove("shop"); err != nil {
		t.Fatal(err)
	}
	i.expect("blog", "6.1.1")
	if modules, err := filepath.Glob(filepath.Join(i.root, "wsgictl/mod_wsgi-*.so")); err != nil || len(modules) != 1 {
		t.Errorf("modules %v, error %v", modules, err)
	}
}

// A project that goes back takes the others with it as far as they ask for no
// newer one, and its rollback is for them too.
func TestOlderModuleComesWhereNobodyElseNeedsTheNewer(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	shop := i.project("4.9.4", "shop")
	for _, d := range []Declaration{shop, i.project("6.1.1", "blog"), i.project("4.9.4", "blog")} {
		if err := i.apply(d); err != nil {
			t.Fatal(err)
		}
	}
	i.expect("shop", "4.9.4")
	i.expect("blog", "4.9.4")
	plan, err := i.PlanRollback(-1, "", Refuse)
	if err != nil {
		t.Fatal(err)
	}
	if want := "mod_wsgi 4.9.4 → 6.1.1, also for shop (" + shop.File + ")"; !slices.Equal(plan.ForOthers, []string{want}) {
		t.Errorf("for others %q, want %q", plan.ForOthers, want)
	}
	if err := i.carryOut(plan); err != nil {
		t.Fatal(err)
	}
	i.expect("shop", "6.1.1")
	i.expect("blog", "6.1.1")
}

// What a declaration asks for is remembered also where it is served with another
// release, so that two that go back one after the other get there.
func TestProjectsGoBackOneAfterTheOther(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	for _, d := range []Declaration{i.project("6.1.1", "shop"), i.project("6.1.1", "blog"), i.project("4.9.4", "shop")} {
		if err := i.apply(d); err != nil {
			t.Fatal(err)
		}
	}
	i.expect("shop", "6.1.1")
	if plan, err := i.Plan(i.project("4.9.4", "shop"), Refuse); err != nil || !plan.IsEmpty() {
		t.Errorf("error %v, changes %v", err, plan.Changes)
	}
	if err := i.apply(i.project("4.9.4", "blog")); err != nil {
		t.Fatal(err)
	}
	i.expect("shop", "4.9.4")
	i.expect("blog", "4.9.4")
}

// Another project's configuration that a newer module would not accept stops the
// change before anything is written.
func TestModuleThatAnotherProjectsFilesDoNotFitIsRefused(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	if err := i.apply(i.project("6.1.1", "blog")); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(i.root, "conf-available/wsgictl-blog.conf"))
	if err != nil {
		t.Fatal(err)
	}
	i.write("conf-available/wsgictl-blog.conf", strings.Replace(string(text), "WSGIDaemonProcess blog", "WSGIDaemonProcess blog no-such-option=1", 1))
	i.brokenByOthers = true
	before := i.tree()
	if err := i.apply(i.project("6.1.1", "shop")); err == nil || !strings.Contains(err.Error(), "Invalid option to WSGI daemon") {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff(before, i.tree()); diff != "" {
		t.Errorf("something was changed (-before +after):\n%s", diff)
	}
	i.expect("blog", "6.1.1")
}
