package system

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/audit"
)

// What a plan prints of the audit is about its own sites, and about what it
// brings to those of others.
func TestFindingsAboutOthersAreCountedAndNotPrinted(t *testing.T) {
	t.Parallel()
	i := newStoppedInstance(t, "event")
	i.brokenByOthers = true
	script := i.application("theirs", "theirs")
	theirs := i.write("sites-enabled/theirs.conf", fmt.Sprintf("WSGIDaemonProcess theirs\n<VirtualHost *:%d>\nServerName theirs.example.org\nWSGIScriptAlias / %s process-group=theirs\n</VirtualHost>\n", i.port, script))
	hidden := i.write("sites-enabled/zz-hidden.conf", fmt.Sprintf("<VirtualHost *:%d>\nServerName hello.example.org\n</VirtualHost>\n", i.port))
	_, stage := i.staged(i.declare("6.1.1", "hello"))
	all := stage.Audit()
	own, others := stage.WithoutOthers(all)
	in := func(result audit.Result, rule, file string) bool {
		return slices.ContainsFunc(result.Findings, func(f *audit.Finding) bool { return f.Rule.ID == rule && strings.HasSuffix(f.Pos.File, file) })
	}
	if !in(all, "WC108", theirs) || in(own, "WC108", theirs) {
		t.Errorf("about the user of the daemon of others: in all %v, in own %v", in(all, "WC108", theirs), in(own, "WC108", theirs))
	}
	if !in(own, "WC108", "wsgictl-hello.conf") {
		t.Errorf("nothing about the user of the own daemon: %v", own.Findings)
	}
	if !in(own, "WC226", hidden) {
		t.Errorf("nothing about a host of others that the plan hides: %v", own.Findings)
	}
	if others == 0 || others+len(own.Findings) != len(all.Findings) {
		t.Errorf("%d of others and %d of its own, of %d", others, len(own.Findings), len(all.Findings))
	}
}

// A site of another declaration is one of others, though wsgictl wrote its files.
func TestFindingsAboutAnotherProjectAreNotPrinted(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	if err := i.apply(i.project("6.1.1", "hello")); err != nil {
		t.Fatal(err)
	}
	_, stage := i.staged(i.project("6.1.1", "blog"))
	all := stage.Audit()
	own, others := stage.WithoutOthers(all)
	for _, f := range own.Findings {
		if strings.HasSuffix(f.Pos.File, "wsgictl-hello.conf") {
			t.Errorf("about the other project: %s %s", f.Rule.ID, f.Message)
		}
	}
	about := func(file string) bool {
		return slices.ContainsFunc(all.Findings, func(f *audit.Finding) bool { return f.Rule.ID == "WC108" && strings.HasSuffix(f.Pos.File, file) })
	}
	if !about("wsgictl-hello.conf") || !about("wsgictl-blog.conf") || others == 0 || len(own.Findings) == 0 {
		t.Errorf("%d of others, %d of its own, of %d", others, len(own.Findings), len(all.Findings))
	}
}
