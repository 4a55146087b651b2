package cli

import (
	"testing"

	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/system"
)

func TestStatusSaysWhatAPersonDid(t *testing.T) {
	t.Parallel()
	file, none := store.NewFile([]byte("x\n"), 0o644), store.PathState{Kind: store.Absent}
	for want, got := range map[string]string{
		"/etc/x is gone": sinceApplied(store.Change{Path: "/etc/x", Before: none, After: file}),
		"/etc/x was modified: there is a file of mode 0644": sinceApplied(store.Change{Path: "/etc/x", Before: file}),
		"/etc/x was edited by a person":                     byAPerson(system.Conflict{Path: "/etc/x", Current: file, Edited: true}),
		"/etc/x was made by a person":                       byAPerson(system.Conflict{Path: "/etc/x", Current: file}),
		"/etc/x was removed by a person":                    byAPerson(system.Conflict{Path: "/etc/x", Current: none, Edited: true}),
		"a person disabled site shop":                       byAPerson(system.Conflict{Path: "/etc/x", Disabled: "shop"}),
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
