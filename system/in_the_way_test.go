package system

import (
	"testing"

	"github.com/wsgictl/wsgictl/store"
)

func TestStatusSaysWhatAPersonDid(t *testing.T) {
	t.Parallel()
	file, none := store.NewFile([]byte("x\n"), 0o644), store.PathState{Kind: store.Absent}
	for want, got := range map[string]string{
		"/etc/x is gone": SinceApplied(store.Change{Path: "/etc/x", Before: none, After: file}),
		"/etc/x was modified: there is a file of mode 0644": SinceApplied(store.Change{Path: "/etc/x", Before: file}),
		"/etc/x was edited by a person":                     Conflict{Path: "/etc/x", Current: file, Edited: true}.ByAPerson(),
		"/etc/x was made by a person":                       Conflict{Path: "/etc/x", Current: file}.ByAPerson(),
		"/etc/x was removed by a person":                    Conflict{Path: "/etc/x", Current: none, Edited: true}.ByAPerson(),
		"a person disabled site shop":                       Conflict{Path: "/etc/x", Disabled: "shop"}.ByAPerson(),
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
