package system

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/store"
)

// project declares a site in a wsgictl.toml of its own.
func (i *instance) project(release, name string) Declaration {
	i.t.Helper()
	d := i.declare(release, name)
	d.File = i.write(filepath.Join(i.apps, name+".toml"), "")
	return d
}

// with is the project with that number of processes.
func with(d Declaration, processes string) Declaration {
	d.Daemons = slices.Clone(d.Daemons)
	d.Daemons[0].Settings = slices.Clone(d.Daemons[0].Settings)
	d.Daemons[0].Settings[0].Value = processes
	return d
}

// a2dissite disables a site as Debian's program does it.
func (i *instance) a2dissite(site string) {
	i.t.Helper()
	if err := os.Remove(filepath.Join(i.root, "sites-enabled", site+".conf")); err != nil {
		i.t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(i.root, "state/site/enabled_by_admin", site)); err != nil {
		i.t.Fatal(err)
	}
	i.write("state/site/disabled_by_admin/"+site, "")
}

// Whatever became of the files of one project, the other one is planned, applied,
// rolled back and removed, and nothing of the first is compared, changed or
// enabled again.
func TestWhatBecameOfAProjectIsNothingToTheOther(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(i *instance){
		"edited": func(i *instance) {
			for _, file := range []string{"sites-available/shop.conf", "conf-available/wsgictl-shop.conf"} {
				text, err := os.ReadFile(filepath.Join(i.root, file))
				if err != nil {
					i.t.Fatal(err)
				}
				i.write(file, string(text)+"# edited\n")
			}
		},
		"disabled": func(i *instance) { i.a2dissite("shop") },
		"deleted": func(i *instance) {
			for _, file := range []string{"sites-enabled/shop.conf", "sites-available/shop.conf", "conf-enabled/wsgictl-shop.conf", "conf-available/wsgictl-shop.conf"} {
				if err := os.Remove(filepath.Join(i.root, file)); err != nil {
					i.t.Fatal(err)
				}
			}
		},
		"replaced by a folder": func(i *instance) {
			i.a2dissite("shop")
			os.Remove(filepath.Join(i.root, "sites-available/shop.conf"))
			i.write("sites-available/shop.conf/theirs", "")
		},
		"declared no longer": func(i *instance) { os.Remove(filepath.Join(i.apps, "shop.toml")) },
		"failing":            func(i *instance) { i.write(filepath.Join(i.apps, "shop/wsgi.py"), "import nothing_of_that_name\n") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newInstance(t)
			if err := i.apply(i.project("6.1.1", "shop")); err != nil {
				t.Fatal(err)
			}
			damage(i)
			before := i.tree()
			for n, change := range []func() error{
				func() error { return i.apply(i.project("6.1.1", "blog")) },
				func() error { return i.apply(with(i.project("6.1.1", "blog"), "2")) },
				func() error { return i.overwrite(with(i.project("6.1.1", "blog"), "3")) },
				func() error { return i.rollback(-1) },
			} {
				if err := change(); err != nil {
					t.Errorf("change %d: %v", n, err)
				}
				i.expect("blog", "6.1.1")
			}
			if err := i.remove("blog"); err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(without(before, "wsgictl.conf"), without(i.tree(), "wsgictl.conf")); diff != "" {
				t.Errorf("something of the other project's is another (-before +after):\n%s", diff)
			}
			i.clean()
		})
	}
}

// overwrite applies a declaration whatever persons edited.
func (i *instance) overwrite(d Declaration) error {
	plan, err := i.Plan(d, Overwrite)
	if err != nil {
		return err
	}
	return i.carryOut(plan)
}

// without is a tree but for the files of a name: that of the probe is another one
// with each generation.
func without(tree map[string]store.PathState, name string) map[string]store.PathState {
	rest := map[string]store.PathState{}
	for path, entry := range tree {
		if filepath.Base(path) != name {
			rest[path] = entry
		}
	}
	return rest
}

// What all share is for each of them, and stays until the last one goes.
func TestWhatProjectsShareStaysWithTheLast(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	before := i.tree()
	for _, name := range []string{"shop", "blog"} {
		if err := i.apply(i.project("6.1.1", name)); err != nil {
			t.Fatal(err)
		}
	}
	load := filepath.Join(i.root, "mods-available/wsgictl.load")
	text, err := os.ReadFile(load)
	if err != nil {
		t.Fatal(err)
	}
	i.write(load, string(text)+"# edited\n")
	for _, name := range []string{"shop", "blog"} {
		plan, err := i.Plan(i.project("6.1.1", name), Refuse)
		if err != nil || len(plan.Conflicts) != 1 || plan.Conflicts[0].Path != load || !plan.IsShared(load) {
			t.Errorf("%s: error %v, conflicts %v", name, err, plan.Conflicts)
		}
	}
	if err := i.remove("shop"); err != nil { // of which nobody edited a file
		t.Fatal(err)
	}
	i.expect("blog", "6.1.1")
	if again, err := os.ReadFile(load); err != nil || !strings.HasSuffix(string(again), "# edited\n") {
		t.Errorf("%s, error %v", again, err)
	}
	i.write(load, string(text))
	if err := i.remove("blog"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, i.tree()); diff != "" {
		t.Errorf("the Apache is another one (-before +after):\n%s", diff)
	}
}

// Of a declaration that is applied in part, the other sites stay as they are in
// force: what it says of them meanwhile, and what a person did.
func TestDeclarationIsAppliedInPart(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	if err := i.apply(i.declare("6.1.1", "hello", "shop", "gone")); err != nil {
		t.Fatal(err)
	}
	i.a2dissite("shop")
	d := i.declare("6.1.1", "hello", "shop", "new")
	for n := range d.Daemons {
		d.Daemons[n].Settings[0].Value = "2"
	}
	d.Sites, d.Daemons, d.Partly = d.Sites[:1], d.Daemons[:1], true
	before := i.tree()
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	i.expect("hello", "6.1.1")
	i.expect("gone", "6.1.1")
	after := i.tree()
	for path := range after {
		if !before[path].Equal(after[path]) && !strings.Contains(path, "hello") && !strings.HasSuffix(path, "/wsgictl.conf") {
			t.Errorf("%s is another", path)
		}
	}
	if cmp.Equal(before, after) {
		t.Error("nothing was changed")
	}
	if plan, err := i.Plan(d, Refuse); err != nil || !plan.IsEmpty() {
		t.Errorf("a second plan: error %v, changes %v", err, plan.Changes)
	}
}

// A file of another project that httpd does not accept is the one thing that
// stands in the way: it is named, and nothing is changed.
func TestSyntaxErrorOfAnotherProjectIsNamed(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	shop := i.project("6.1.1", "shop")
	for _, d := range []Declaration{shop, i.project("6.1.1", "blog")} {
		if err := i.apply(d); err != nil {
			t.Fatal(err)
		}
	}
	i.write("sites-available/shop.conf", "# theirs\nNonsense on\n")
	i.brokenByOthers = true
	before := i.tree()
	for name, change := range map[string]func() error{
		"apply":    func() error { return i.apply(with(i.project("6.1.1", "blog"), "2")) },
		"remove":   func() error { return i.remove("blog") },
		"rollback": func() error { return i.rollback(-1) },
	} {
		err := change()
		if want := "of site shop, which " + shop.File + " declares"; err == nil || !strings.Contains(err.Error(), "sites-enabled/shop.conf:2: httpd does not accept it: ") ||
			!strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "keeps Apache from any reload") {
			t.Errorf("%s: error %v, want one with %q", name, err, want)
		}
		if diff := cmp.Diff(before, i.tree()); diff != "" {
			t.Errorf("%s: something was changed (-before +after):\n%s", name, diff)
		}
		i.expect("shop", "6.1.1")
		i.expect("blog", "6.1.1")
	}
	i.write("sites-available/shop.conf", "ErrorLog /no/such/folder/error.log\n")
	err := i.apply(with(i.project("6.1.1", "blog"), "2"))
	if want := "no folder /no/such/folder, and Apache exits when it cannot open a log: make it; the file is wsgictl's, of site shop, which " + shop.File + " declares"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want one with %q", err, want)
	}
	plan, err := i.PlanRemoval("shop", Overwrite)
	if err != nil {
		t.Fatal(err)
	}
	if err := i.carryOut(plan); err != nil {
		t.Fatal(err)
	}
	i.expect("blog", "6.1.1")
	i.clean()
}

// A project with another Python cannot join, and is told which one it needs.
func TestProjectOfAnotherPythonIsToldWhichOneItNeeds(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	if err := i.apply(i.declare("6.1.1", "hello")); err != nil {
		t.Fatal(err)
	}
	other := i.project("6.1.1", "blog")
	needed := other.Module.Python
	other.Module.Python = "3.99"
	_, err := i.Plan(other, Refuse)
	if want := "here it is 3.99; make this virtualenv with Python " + needed + " (python" + needed + " -m venv --clear DIR), and install its packages again"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %q", err, want)
	}
}
