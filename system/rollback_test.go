package system

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/store"
)

// One project goes back, and another one's later change stays.
func TestRollbackOfOneProjectLeavesTheOthers(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	shop, blog := i.project("4.9.4", "shop"), i.project("6.1.1", "blog")
	var trees []map[string]store.PathState
	for _, d := range []Declaration{shop, with(shop, "2"), blog, with(blog, "3")} {
		if err := i.apply(d); err != nil {
			t.Fatal(err)
		}
		trees = append(trees, i.tree())
	}
	if undone, err := i.undone(1); err != nil || cmp.Diff([]string{blog.File, shop.File}, undone) != "" {
		t.Errorf("undone %v, error %v", undone, err)
	}
	if undone, err := i.undone(-1); err != nil || cmp.Diff([]string{blog.File}, undone) != "" {
		t.Errorf("undone %v, error %v", undone, err)
	}
	for _, step := range []struct {
		file string
		like map[string]store.PathState // what of the project is there then
		site string
	}{
		{shop.File, trees[0], "shop"}, {blog.File, trees[2], "blog"}, {shop.File, nil, "shop"},
	} {
		plan, err := i.PlanRollback(-1, step.file, Refuse)
		if err != nil {
			t.Fatal(err)
		}
		if err := i.carryOut(plan); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(of(step.site, step.like), of(step.site, i.tree())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.site, diff)
		}
		i.expect("blog", "6.1.1")
	}
	if _, err := i.PlanRollback(-1, "/nowhere/wsgictl.toml", Refuse); err == nil || !strings.Contains(err.Error(), "was not applied") {
		t.Errorf("error %v", err)
	}
	i.clean()
	if err := i.rollback(2); err != nil { // for all, mod_wsgi too
		t.Fatal(err)
	}
	if diff := cmp.Diff(trees[1], i.tree()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	i.expect("shop", "4.9.4")
}

// of are the entries of a tree that are for a site alone.
func of(site string, tree map[string]store.PathState) map[string]store.PathState {
	alone := map[string]store.PathState{}
	for path, entry := range tree {
		if strings.Contains(path, site) {
			alone[path] = entry
		}
	}
	return alone
}

// Going back step by step never brings back what was undone before.
func TestRollbackGoesBackStepByStep(t *testing.T) {
	t.Parallel()
	const shop, blog = "/srv/shop/wsgictl.toml", "/srv/blog/wsgictl.toml"
	sites := func(shops, blogs string) map[string]Site {
		return map[string]Site{"shop": {File: shop, Release: shops}, "blog": {File: blog, Release: blogs}}
	}
	all := []Generation{
		{},
		{Number: 1, Command: "apply", Sites: sites("1", "1")},
		{Number: 2, Command: "apply", Sites: sites("2", "1")},
		{Number: 3, Command: "rollback 1", Restores: 1, Sites: sites("1", "1")},
		{Number: 4, Command: "apply", Sites: sites("1", "2")},
		{Number: 5, Command: "apply", Sites: sites("3", "2")},
		{Number: 6, Command: "rollback 3", Restores: 3, Of: shop, Sites: sites("1", "2")},
		{Number: 7, Command: "rollback 3", Restores: 3, Of: blog, Sites: sites("1", "1")},
		{Number: 8, Command: "apply", Sites: sites("4", "1")},
		{Number: 9, Command: "rollback 7", Restores: 7, Sites: sites("1", "1")},
		{Number: 10, Command: "rollback 0", Restores: 0},
	}
	for _, c := range []struct {
		upTo int
		file string
		want int
	}{
		{2, "", 1}, {3, "", 0}, {4, "", 3}, {5, "", 4},
		{6, shop, 0}, {6, blog, 3}, {7, blog, 0}, {9, shop, 0}, {9, blog, 0},
		{10, "", -1}, {10, shop, -1},
	} {
		if got := beforeLastChange(all[:c.upTo+1], c.file); got != c.want {
			t.Errorf("from %d, for %q: %d, want %d", c.upTo, c.file, got, c.want)
		}
	}
}
