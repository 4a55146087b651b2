package conf

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestChecksAheadFindWhatChecksAtTheEndFind has texts of which the end decides
// whether what stands far above it is right.
func TestChecksAheadFindWhatChecksAtTheEndFind(t *testing.T) {
	t.Parallel()
	const whole = "Listen 80\nLoadModule mpm_event_module /srv/httpd/modules/mod_mpm_event.so\nLoadModule authz_core_module /srv/httpd/modules/mod_authz_core.so\n"
	many := func(text string) string {
		var out strings.Builder
		for i := range 3 * partSize {
			fmt.Fprintf(&out, text, i)
		}
		return out.String()
	}
	hosts := many("<VirtualHost *:80>\nServerName s%[1]d\nDocumentRoot /srv/%[1]d\n</VirtualHost>\n")
	for name, row := range map[string]struct {
		text       string
		complaints bool
	}{
		"all is right":                         {whole + hosts, false},
		"one is wrong":                         {whole + hosts + "Timeout\n" + hosts, true},
		"each is wrong":                        {whole + many("ServerName a b %d\n"), true},
		"a module that is loaded later":        {whole + many("<Directory /%d>\nSetEnv a b\n</Directory>\n") + "LoadModule env_module modules/mod_env.so\n" + hosts, false},
		"a module that is never loaded":        {whole + many("<Directory /%d>\nSetEnv a b\n</Directory>\n"), true},
		"a module without a table":             {whole + many("Foo %d\n") + "LoadModule foo_module modules/mod_foo.so\n" + hosts, false},
		"a provider that is named at the end":  {whole + many("<Directory /%d>\nRequire mine\n</Directory>\n") + "<AuthzProviderAlias ip mine 10>\n</AuthzProviderAlias>\n", false},
		"a provider that is not named":         {whole + many("<Directory /%d>\nRequire mine\n</Directory>\n"), true},
		"sections that hold what is not known": {whole + many("<Directory /%d>\n<RequireAll>\nIncludeOptional {{ x }}\n</RequireAll>\n</Directory>\n"), false},
		"sections that hold nothing":           {whole + many("<Directory /%d>\n<RequireAll>\n</RequireAll>\n</Directory>\n"), true},
		"a whole server by its last line":      {strings.TrimPrefix(whole, "Listen 80\n") + many("Alias /%d\n") + "Listen 80\n", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ahead, atEnd := complaintsOf(row.text, false), complaintsOf(row.text, true)
			if diff := cmp.Diff(atEnd, ahead); diff != "" {
				t.Errorf("checks ahead find something else:\n%s", diff)
			}
			if (len(atEnd) > 0) != row.complaints {
				t.Errorf("%d complaints, want any: %v; the first is %q", len(atEnd), row.complaints, append(atEnd, "")[0])
			}
		})
	}
}

func complaintsOf(text string, atEnd bool) (messages []string) {
	file := &File{Name: "/nonexistent/t.conf", Source: text, content: &content{}}
	_, file.Template = TemplateMark(text)
	r := newReader(file, newFiles("/nonexistent"), Options{Scope: Whole})
	if atEnd {
		r.ahead, r.modules.beforeChange = nil, nil
	}
	r.run(file)
	r.check()
	for _, d := range r.finish().Errors() {
		messages = append(messages, d.String()+" "+d.Advice)
	}
	return messages
}
