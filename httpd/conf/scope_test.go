package conf

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// TestPartOfAConfigurationLeavesModulesUnknown reads the same conditions as a
// part, and as the whole of a server, which it turns out to be only at its
// Listen.
func TestPartOfAConfigurationLeavesModulesUnknown(t *testing.T) {
	t.Parallel()
	conditions := "<IfModule mod_ssl.c>\nUnsetEnv ssl\n</IfModule>\n<IfModule !mod_ssl.c>\nUnsetEnv plain\n</IfModule>\n<IfModule alias_module>\nUnsetEnv alias\n</IfModule>\n"
	server := "LoadModule mpm_event_module modules/mod_mpm_event.so\n"
	load := "LoadModule alias_module modules/mod_alias.so\n"
	for name, c := range map[string]struct {
		text     string
		options  Options
		want     map[string]expr.Truth
		complete bool
	}{
		"part":               {conditions, Options{}, map[string]expr.Truth{"ssl": expr.Unknown, "plain": expr.Unknown, "alias": expr.Unknown}, false},
		"part that loads":    {load + conditions, Options{}, map[string]expr.Truth{"ssl": expr.Unknown, "plain": expr.Unknown, "alias": expr.True}, false},
		"assumed":            {conditions, Options{Assumed: []string{"mod_ssl.c"}}, map[string]expr.Truth{"ssl": expr.True, "alias": expr.Unknown}, false},
		"Listen first":       {server + load + "Listen 80\n" + conditions, Options{}, map[string]expr.Truth{"plain": expr.True, "alias": expr.True}, true},
		"Listen last":        {load + conditions + "Listen 80\n" + server, Options{}, map[string]expr.Truth{"plain": expr.True, "alias": expr.True}, true},
		"whole by option":    {conditions, Options{Scope: Whole}, map[string]expr.Truth{"plain": expr.True}, true},
		"part that listens":  {load + "Listen 80\n" + conditions, Options{}, map[string]expr.Truth{"ssl": expr.Unknown, "plain": expr.Unknown, "alias": expr.True}, false},
		"part by option":     {server + load + "Listen 80\n" + conditions, Options{Scope: Part}, map[string]expr.Truth{"ssl": expr.Unknown, "plain": expr.Unknown, "alias": expr.True}, false},
		"unknown definition": {"<IfModule mod_ssl.c>\nDefine A\n</IfModule>\n<IfDefine A>\nUnsetEnv a\n</IfDefine>\n<IfDefine B>\nUnsetEnv b\n</IfDefine>\n", Options{}, map[string]expr.Truth{"a": expr.Unknown}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := ReadSource("t.conf", c.text, c.options)
			got := map[string]expr.Truth{}
			for d := range config.All() {
				if d.Is("UnsetEnv") {
					got[d.Word(0)] = d.certain()
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" || config.Complete != c.complete {
				t.Errorf("complete %v, want %v; directives (-want +got):\n%s", config.Complete, c.complete, diff)
			}
		})
	}
}

func TestWhatCannotBeReadIsNotTakenForEmpty(t *testing.T) {
	t.Parallel()
	config := ReadSource("/nonexistent/t.conf", "Include /nonexistent/options.conf\nIncludeOptional /nonexistent/*.conf\n", Options{})
	if len(config.Unread) != 1 || config.Unread[0].Directive != "Include /nonexistent/options.conf" {
		t.Errorf("unread %v, want the first include", config.Unread)
	}
	if errors := config.Errors(); len(errors) > 0 {
		t.Errorf("a part of a configuration is refused: %v", errors)
	}
}

// TestWholeServerOfAnotherHostIsNotRefused reads a server whose ServerRoot is
// not here, so that nothing is known of the files below it.
func TestWholeServerOfAnotherHostIsNotRefused(t *testing.T) {
	t.Parallel()
	config := ReadSource("/nonexistent/t.conf", "ServerRoot /nonexistent\nListen 80\nLoadModule mpm_event_module modules/mod_mpm_event.so\nInclude conf/extra.conf\nInclude hosts/*.conf\n", Options{})
	if !config.Complete || len(config.Unread) != 2 {
		t.Errorf("complete %v, unread %v, want a whole server and two includes", config.Complete, config.Unread)
	}
	if errors := config.Errors(); len(errors) > 0 {
		t.Errorf("refused: %v", errors)
	}
}
