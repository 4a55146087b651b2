package system

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/installed"
)

// disabled is the declaration with one of its sites disabled.
func disabled(d Declaration, site string) Declaration {
	for i := range d.Sites {
		d.Sites[i].Disabled = d.Sites[i].Name == site
	}
	return d
}

// notServed holds that no application answers for a site.
func (i *instance) notServed(site string) {
	i.t.Helper()
	if status, body, err := i.get(site + ".example.org"); err != nil || strings.Contains(body, " from "+site) {
		i.t.Errorf("%s is served: status %d, body %.80q, error %v", site, status, body, err)
	}
}

// What a person disabled stays so unless the person says otherwise.
func TestSiteThatAPersonDisabledIsNotEnabledAgain(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	if err := i.apply(i.declare("6.1.1", "hello", "shop")); err != nil {
		t.Fatal(err)
	}
	i.a2dissite("shop")
	link := filepath.Join(i.root, "sites-enabled/shop.conf")
	plan, err := i.Plan(i.declare("6.1.1", "hello", "shop"), Refuse)
	if err != nil || len(plan.Conflicts) != 1 || plan.Conflicts[0].Disabled != "shop" || plan.Conflicts[0].Path != link {
		t.Fatalf("error %v, conflicts %+v", err, plan.Conflicts)
	}
	current, err := i.History.Current()
	if err != nil || !i.WasDisabled(current, "shop") || i.WasDisabled(current, "hello") {
		t.Errorf("which was disabled is not known, error %v", err)
	}
	if _, err := i.Plan(i.declare("6.1.1", "hello", "shop"), Adopt); err == nil || !strings.Contains(err.Error(), "disabled = true") {
		t.Errorf("adopting: error %v", err)
	}
	if err := i.overwrite(i.declare("6.1.1", "hello", "shop")); err != nil {
		t.Fatal(err)
	}
	i.expect("shop", "6.1.1")

	i.a2dissite("shop")
	if err := i.apply(disabled(i.declare("6.1.1", "hello", "shop"), "shop")); err != nil {
		t.Fatal(err)
	}
	i.notServed("shop")
	i.expect("hello", "6.1.1")
	if plan, err := i.Plan(disabled(i.declare("6.1.1", "hello", "shop"), "shop"), Refuse); err != nil || !plan.IsEmpty() {
		t.Errorf("a second plan: error %v, changes %v", err, plan.Changes)
	}
	if err := i.apply(i.declare("6.1.1", "hello", "shop")); err != nil { // as it says now
		t.Fatal(err)
	}
	i.expect("shop", "6.1.1")
}

func TestDisabledSiteHasItsFilesAndIsNotServed(t *testing.T) {
	t.Parallel()
	for layout, c := range map[installed.Layout]struct {
		config, ends string
		files        []string
	}{
		installed.Debian: {"", "", []string{"sites-available/hello.conf", "conf-available/wsgictl-hello.conf"}},
		installed.RedHat: {"conf/httpd.conf", "Include conf.modules.d/*.conf\nIncludeOptional conf.d/*.conf\n",
			[]string{"conf.d/wsgictl-hello.conf.disabled", "conf.d/01-wsgictl-hello.conf.disabled"}},
		installed.Source: {"conf/httpd.conf", "# the end\n",
			[]string{"conf/wsgictl/wsgictl-hello.conf.disabled", "conf/wsgictl/01-wsgictl-hello.conf.disabled"}},
	} {
		t.Run(string(layout), func(t *testing.T) {
			t.Parallel()
			var i *instance
			if layout == installed.Debian {
				i = newInstance(t)
			} else {
				i = newLayoutInstance(t, layout, c.config, c.ends, map[string]string{"conf.modules.d/theirs.conf": "# theirs\n", "conf.d/theirs.conf": "# theirs\n"}, "")
			}
			before := i.tree()
			i.acceptedBetweenSteps()
			for _, d := range []Declaration{
				i.declare("6.1.1", "hello", "shop"), disabled(i.declare("6.1.1", "hello", "shop"), "hello"),
			} {
				if err := i.apply(d); err != nil {
					t.Fatal(err)
				}
			}
			for _, file := range c.files {
				if !isFile(filepath.Join(i.root, file)) {
					t.Errorf("no %s", file)
				}
			}
			i.notServed("hello")
			i.expect("shop", "6.1.1")
			if err := i.apply(i.declare("6.1.1", "hello", "shop")); err != nil {
				t.Fatal(err)
			}
			i.expect("hello", "6.1.1")
			if err := i.apply(disabled(i.declare("6.1.1", "hello"), "hello")); err != nil { // and no other
				t.Fatal(err)
			}
			if err := i.remove("hello"); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, i.tree()); diff != "" {
				t.Errorf("the Apache is another one (-before +after):\n%s", diff)
			}
		})
	}
}

// acceptedBetweenSteps holds that httpd accepts what is enabled before each step
// of each change from now on.
func (i *instance) acceptedBetweenSteps() {
	i.t.Helper()
	i.History.Report = func(step string) {
		if strings.HasPrefix(step, "put aside") || strings.HasPrefix(step, "clear") {
			return
		}
		if err := i.ConfigTest(i.t.Context()); err != nil {
			i.t.Errorf("before the step %q: %v", step, err)
		}
	}
}

// A disabled site that a person enables is the person's decision as well.
func TestDisabledSiteThatAPersonEnabledIsAConflict(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	d := disabled(i.declare("6.1.1", "hello", "shop"), "shop")
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(i.root, "sites-enabled/shop.conf")
	if err := os.Symlink("../sites-available/shop.conf", link); err != nil {
		t.Fatal(err)
	}
	plan, err := i.Plan(d, Refuse)
	if err != nil || len(plan.Conflicts) != 1 || plan.Conflicts[0].Path != link || plan.Conflicts[0].Enabled != "shop" {
		t.Fatalf("error %v, conflicts %+v", err, plan.Conflicts)
	}
	if plan, err = i.Plan(d, Adopt); err != nil || len(plan.Conflicts) != 1 {
		t.Errorf("adopting: error %v, conflicts %+v", err, plan.Conflicts)
	}
	current, err := i.Current()
	if err != nil || !i.WasEnabled(current, "shop") || i.WasEnabled(current, "hello") {
		t.Errorf("which was enabled is not known, error %v", err)
	}
	i.write("state/site/enabled_by_admin/shop", "") // as a2ensite notes
	if err := os.Remove(filepath.Join(i.root, "state/site/disabled_by_admin/shop")); err != nil {
		t.Fatal(err)
	}
	if plan, err = i.Plan(d, Refuse); err != nil || len(plan.Conflicts) != 1 {
		t.Errorf("with a2ensite's notes: error %v, conflicts %+v", err, plan.Conflicts)
	}
	if err := i.overwrite(d); err != nil {
		t.Fatal(err)
	}
	i.notServed("shop")
	i.clean()
}

// Such a site goes all the same: a mere link is nothing that a person would miss.
func TestDisabledSiteThatAPersonEnabledIsRemoved(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	before := i.tree()
	d := i.declare("6.1.1", "hello", "shop")
	d.Sites[1].Daemon, d.Daemons = "hello", d.Daemons[:1] // so that it can be served
	d.Sites[1].Script = d.Sites[0].Script
	if err := i.apply(disabled(d, "shop")); err != nil {
		t.Fatal(err)
	}
	link, note := filepath.Join(i.root, "sites-enabled/shop.conf"), filepath.Join(i.root, "state/site/enabled_by_admin/shop")
	enable := func(target string) {
		t.Helper()
		if err := errors.Join(os.Symlink(target, link), os.WriteFile(note, nil, 0o644), os.Remove(filepath.Join(i.root, "state/site/disabled_by_admin/shop"))); err != nil {
			t.Fatal(err)
		}
	}
	enable("../sites-available/theirs.conf")
	i.write("sites-available/theirs.conf", "")
	plan, err := i.PlanRemoval("shop", Refuse)
	if err != nil || len(plan.Conflicts) != 1 || plan.Conflicts[0].Path != link {
		t.Errorf("with a link to a file of a person's: error %v, conflicts %+v", err, plan.Conflicts)
	}
	i.write("state/site/disabled_by_admin/shop", "")
	if err := errors.Join(os.Remove(link), os.Remove(filepath.Join(i.root, "sites-available/theirs.conf"))); err != nil {
		t.Fatal(err)
	}
	enable("../sites-available/shop.conf")
	if plan, err = i.PlanRemoval("shop", Refuse); err != nil {
		t.Fatal(err)
	}
	if want := "Site shop was disabled, and a person has enabled it since: " + link + " goes with the site."; !slices.Contains(plan.Notes, want) {
		t.Errorf("notes %q, want %q", plan.Notes, want)
	}
	i.acceptedBetweenSteps()
	if err := i.carryOut(plan); err != nil {
		t.Fatal(err)
	}
	if isThere(note) {
		t.Errorf("%s is there", note)
	}
	i.expect("hello", "6.1.1")
	if err := i.remove("hello"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, i.tree()); diff != "" {
		t.Errorf("the Apache is another one (-before +after):\n%s", diff)
	}
}

// What a2dissite notes in a folder that wsgictl made is given back, also when the
// folder went while nothing was in it.
func TestNoteOfAPersonIsGivenBackToAFolderThatIsGone(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	shop, blog := i.project("6.1.1", "shop"), i.project("6.1.1", "blog")
	if err := errors.Join(i.apply(disabled(shop, "shop")), i.apply(blog)); err != nil {
		t.Fatal(err)
	}
	i.a2dissite("blog")
	note := filepath.Join(i.root, "state/site/disabled_by_admin/blog")
	if err := errors.Join(i.overwrite(blog), i.apply(disabled(shop, ""))); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(filepath.Dir(note)); err == nil {
		t.Fatal("the folder is there, so that this test tests nothing")
	}
	if err := i.remove("blog"); err != nil {
		t.Fatal(err)
	}
	if !isFile(note) {
		t.Errorf("%s is not there", note)
	}
	i.clean()
}
