package request_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// someModule is a module that takes the URLs below /mod, and requests with its
// handler.
var someModule = request.Module{
	Names: []string{"mod_some.c"},
	Translate: func(_ *request.Server, uri string, _ request.Assume) (request.Translation, bool) {
		rest, ok := strings.CutPrefix(uri, "/mod")
		return request.Translation{File: "/srv/some.py" + rest, Target: "/srv/some.py", Handler: "some"}, ok
	},
	Handles: func(r *request.Handled) (request.Refusal, bool) {
		return request.Refusal{}, r.Handler.Name == "some"
	},
}

// TestBranches gives the outcomes of requests on all branches of what is not
// known.
func TestBranches(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, configuration, path string
		want                      []string
		open                      bool
	}{
		{"nothing in doubt", "Redirect /a http://x/", "/a", []string{"Redirect"}, false},
		{"the module's handler", "", "/mod/x", []string{"some /srv/some.py"}, false},
		{"a module that may not be loaded", "<IfModule mod_alias.c>\nRedirect /a http://x/\n</IfModule>", "/a", []string{"Redirect", "handler of plain files"}, false},
		{"one condition for both lines", "<IfModule x_module>\nRedirect /a http://x/\n</IfModule>\n<IfModule !x_module>\nProxyPass /a http://y/\n</IfModule>", "/a", []string{"Redirect", "ProxyPass"}, false},
		{"the module is taken for loaded", "<IfModule mod_some.c>\nRedirect /a http://x/\n</IfModule>\n<IfModule !mod_some.c>\nProxyPass /a http://y/\n</IfModule>", "/a", []string{"Redirect"}, false},
		{"what another URL has", "<IfModule x_module>\nRedirect /b http://x/\n</IfModule>", "/a", []string{"handler of plain files"}, false},
		{"a header", "RewriteEngine On\nRewriteCond %{HTTP_USER_AGENT} bot\nRewriteRule ^/a /mod [PT]", "/a", []string{"handler of plain files", "some /srv/some.py"}, false},
		{"a header, negated", "RewriteEngine On\nRewriteCond %{HTTP_USER_AGENT} !bot\nRewriteRule ^/a - [F]", "/a", []string{"handler of plain files", "403"}, false},
		{"either of two headers", "RewriteEngine On\nRewriteCond %{HTTP:A} a [OR]\nRewriteCond %{HTTP:B} b\nRewriteRule ^/a - [F]", "/a", []string{"handler of plain files", "403", "403"}, false},
		{"a header leads where all leads", "RewriteEngine On\nRewriteCond %{HTTP:A} a\nRewriteRule ^/mod /mod/b [PT]", "/mod", []string{"some /srv/some.py", "some /srv/some.py"}, false},
		{"a header goes into the URL", "RewriteEngine On\nRewriteRule ^/a /%{HTTP:A} [PT]", "/a", []string{"handler of plain files"}, true},
		{"what is caught is not known", "RewriteEngine On\nRewriteCond %{HTTP:A} (.*)\nRewriteRule ^/a /%1 [PT]", "/a", []string{"handler of plain files", "handler of plain files"}, true},
		{"a pattern of PCRE that cannot match", "RewriteEngine On\nRewriteRule ^/b(?!c) - [F]", "/a", []string{"handler of plain files"}, false},
		{"redirects with look-around", "RedirectMatch 404 ^/(?!static)(.*)", "/a", []string{"RedirectMatch", "handler of plain files"}, false},
		{"redirects with look-around that cannot match", "RedirectMatch 404 ^/b(?!static)(.*)", "/a", []string{"handler of plain files"}, false},
		{"redirects with look-around in a section", "<Location />\nRedirectMatch 404 ^/(?!static)(.*)\n</Location>", "/a", []string{"RedirectMatch", "handler of plain files"}, false},
		{"proxies with look-around", "ProxyPassMatch ^/(?!app)(.*) http://127.0.0.1:1/$1", "/a", []string{"ProxyPassMatch", "handler of plain files"}, false},
		{"aliases with look-around", "AliasMatch ^/(?!app)(.*) /srv/static/$1", "/mod", []string{"some /srv/some.py", "there is no such file: httpd answers 404"}, true},
		{"the address of the server", "RewriteEngine On\nRewriteCond %{SERVER_ADDR} ^10\\.\nRewriteRule ^ - [F]", "/mod", []string{"some /srv/some.py", "403"}, false},
		{"groups of what may not be looked at", "RewriteEngine On\nRewriteCond expr \"%{HTTP:X} == 'a' || %{REQUEST_URI} =~ m#^/(a)#\"\nRewriteRule ^ /%1/z [PT]", "/a", []string{"handler of plain files"}, true},
		{"groups of what is looked at behind it", "RewriteEngine On\nRewriteCond expr \"(%{HTTP:X} == 'a' || true) && %{REQUEST_URI} =~ m#^/(mod)#\"\nRewriteRule ^ /%1/z [PT]", "/mod", []string{"some /srv/some.py"}, false},
		{"a handler that a header names", "SetHandler \"%{req:X}\"", "/a", []string{"handler %{req:x}"}, true},
		{"a handler that is named by an expression", "SetHandler \"%{tolower:SOME}\"", "/a", []string{"some "}, false},
		{"an If on a header", "<If \"%{HTTP:A} == 'a'\">\nSetHandler some\n</If>", "/a", []string{"some ", "handler of plain files"}, false},
		{"a variable that grows for ever", "RewriteEngine On\nRewriteRule ^/mod - [E=A:%{ENV:A}%{ENV:A}x,N=30]\nRewriteRule ^ - [F]", "/mod", []string{"RewriteRule"}, false},
		{"a variable that grows too long to look at", "RewriteEngine On\nRewriteCond %{ENV:A} !x{70}\nRewriteRule ^/a - [E=A:%{ENV:A}%{ENV:A}x,N=20]\nRewriteCond %{ENV:B} ^$\nRewriteRule ^/a - [E=B:" + strings.Repeat("%{ENV:A}", 1000) + "]\nRewriteCond %{ENV:B} y\nRewriteRule ^/a - [F]", "/a", []string{"handler of plain files", "403"}, false},
		{"a user who has logged in", login + "<Location />\nRewriteEngine On\nRewriteCond %{REMOTE_USER} =admin\nRewriteRule ^ - [F]\n</Location>", "/mod", []string{"some /srv/some.py", "403"}, false},
		{"a user before the login", login + "RewriteEngine On\nRewriteCond %{REMOTE_USER} .\nRewriteRule ^ - [F]", "/mod", []string{"some /srv/some.py"}, false},
		{"a user in an If, which is decided before the login", login + "<If \"-n %{REMOTE_USER}\">\nRedirect gone\n</If>", "/mod", []string{"some /srv/some.py"}, false},
		{"a user where nobody is asked for", "<Location />\nRewriteEngine On\nRewriteCond %{REMOTE_USER}%{AUTH_TYPE} .\nRewriteRule ^ - [F]\n</Location>", "/mod", []string{"some /srv/some.py"}, false},
		{"too many branches", "RewriteEngine On\n" + manyHeaders(6), "/a", slices.Repeat([]string{"handler of plain files"}, 32), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			config := conf.ReadSource("/etc/t.conf", test.configuration, conf.Options{Root: t.TempDir()})
			s := &request.Server{Server: config.Main(), Httpd: request.New(config, someModule), Level: slices.Collect(config.Directives())}
			client, err := request.ParseURL("http://x" + test.path)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			found := s.Follow(client, func(outcome request.Outcome) { got = append(got, summary(outcome)) })
			slices.Sort(got)
			slices.Sort(test.want)
			if diff := cmp.Diff(test.want, got); diff != "" || found.Open != test.open {
				t.Errorf("open %v, want %v; outcomes (-want +got):\n%s", found.Open, test.open, diff)
			}
			if doubtful := len(got) > 1 || test.open; doubtful != (found.Doubt != nil) {
				t.Errorf("doubt %v", found.Doubt)
			}
		})
	}
}

// login asks each client for a user.
const login = "<Location />\nAuthType Basic\nAuthName x\nRequire valid-user\n</Location>\n"

// manyHeaders are rules that double the branches each.
func manyHeaders(count int) string {
	return strings.Repeat("RewriteCond %{HTTP:A} a\nRewriteRule ^ - [E=A:1]\n", count)
}

// summary is what becomes of a request, in a few words.
func summary(o request.Outcome) string {
	switch {
	case o.Handled != nil:
		return o.Handled.Handler.Name + " " + o.Handled.Settings.Request.File
	case o.Status == 403:
		return "403"
	case o.By != nil:
		return o.By.Name
	}
	return o.Reason.String()
}
