package cli

import (
	"slices"
	"testing"
)

// ofEachForm are the options of "audit" that say how configuration is read, or how the
// command exits and finds its settings, whatever is asked for.
var ofEachForm = []string{
	"format", "mod-wsgi", "exit-zero", "trust", "config", "define", "server-root", "root", "assume-module", "httpd-version", "envvars", "help", "verbose",
}

func TestEachOptionOfAuditIsOfAForm(t *testing.T) {
	t.Parallel()
	known := slices.Clone(ofEachForm)
	for _, form := range auditForms {
		known = append(append(known, form.option), form.takes...)
	}
	found := 0
	for _, command := range newParser(t).Model.Leaves(false) {
		if command.Name != "audit" {
			continue
		}
		for _, flag := range command.Flags {
			found++
			if !slices.Contains(known, flag.Name) {
				t.Errorf("--%s stands neither in auditForms nor in ofEachForm: to what does it mean something?", flag.Name)
			}
		}
	}
	if found < 15 {
		t.Errorf("%d options found", found)
	}
}
