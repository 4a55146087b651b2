package request_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// forBoth are variables of mod_rewrite and of expressions.
var forBoth = []string{
	"REQUEST_URI", "QUERY_STRING", "REQUEST_FILENAME", "SCRIPT_FILENAME", "PATH_INFO", "DOCUMENT_ROOT", "SERVER_NAME", "SERVER_PORT", "HTTPS",
	"REQUEST_SCHEME", "REQUEST_METHOD", "SERVER_PROTOCOL", "THE_REQUEST", "IS_SUBREQ", "REMOTE_USER", "AUTH_TYPE", "REMOTE_IDENT", "HTTP_HOST",
	"request_uri",
}

// forRewrite are those that mod_rewrite has in its own way, or has not.
var forRewrite = []string{"HTTP:host", "ENV:SET", "env:SET", "ENV:NONE", "ENV:PATH", "HTTP_A", "HANDLER", "CONTENT_TYPE", "SSL_PROTOCOL", "URI", "x", "LA-U:", "A:B"}

// forServer are those of mod_rewrite that a running server alone can tell.
var forServer = []string{
	"API_VERSION", "CONN_REMOTE_ADDR", "CONTEXT_DOCUMENT_ROOT", "CONTEXT_PREFIX", "HTTP_ACCEPT", "HTTP_COOKIE", "HTTP_FORWARDED",
	"HTTP_PROXY_CONNECTION", "HTTP_REFERER", "HTTP_USER_AGENT", "IPV6", "REMOTE_ADDR", "REMOTE_HOST", "REMOTE_PORT", "SCRIPT_GROUP", "SCRIPT_USER",
	"SERVER_ADDR", "SERVER_ADMIN", "SERVER_SOFTWARE", "TIME", "TIME_DAY", "TIME_HOUR", "TIME_MIN", "TIME_MON", "TIME_SEC", "TIME_WDAY", "TIME_YEAR",
}

// forExpressions are functions of expressions.
var forExpressions = []string{"req:host", "env:SET", "reqenv:SET", "reqenv:PATH", "env:PATH", "osenv:PATH", "osenv:SET"}

// TestVariablesAreThoseOfHTTPD compares what rules find in the variables of a
// request with what those of httpd do, in a server and in a section.
func TestVariablesAreThoseOfHTTPD(t *testing.T) {
	t.Parallel()
	server := httpdtest.New(t)
	for _, file := range []string{"docs/a/index.txt", "docs/a/file.txt"} {
		server.Write(file, "")
	}
	rules, answer := rulesThatTell()
	const last = "RewriteRule ^ - [R=404,L]\n"
	write := func(last string) string {
		host := func(name, more string) string {
			return fmt.Sprintf("<VirtualHost *:%d>\nServerName %s\n%sErrorDocument 404 \"%s\"\n</VirtualHost>\n", server.Port, name, more, answer)
		}
		docs := server.Root + "/docs"
		inside := "<Directory " + docs + ">\n" + rules + last + "</Directory>\n"
		return fmt.Sprintf("DocumentRoot %s\nSetEnvIf Request_URI . SET=yes\n<Directory />\nRequire all granted\nOptions FollowSymLinks\n</Directory>\n", docs) +
			host("one.test", rules+last) + host("two.test:8080", "UseCanonicalName On\n"+rules+last) +
			host("three.test", inside) + host("four.test", "<Location /a>\nUseCanonicalName On\n</Location>\n"+inside) + host("five.test:99", "UseCanonicalName On\n"+inside)
	}
	server.Start(write(last))
	config := conf.ReadSource(server.Root+"/t.conf", server.Base()+write(""), conf.Options{Environment: map[string]string{"PATH": os.Getenv("PATH")}, Scope: conf.Whole})
	for _, host := range []string{"one.test", "ONE.test", "two.test", "three.test", "four.test", "five.test"} {
		for _, uri := range []string{"/none?x=1&y", "/a/", "/a/file.txt/b/c", "/a//file.txt", "/a/none%20x/y"} {
			_, want := server.Get(host, uri)
			if diff := cmp.Diff(strings.Split(want, "|"), predictVariables(t, config, host, server.Port, uri), isNotTold); diff != "" {
				t.Errorf("%s %s (-httpd +predicted):\n%s", host, uri, diff)
			}
		}
	}
}

// isNotTold takes a value that is not known for that of httpd.
var isNotTold = cmp.FilterValues(func(a, b string) bool { return strings.HasSuffix(a, notTold) || strings.HasSuffix(b, notTold) }, cmp.Ignore())

const notTold = " is not told"

// told are the names of all that the rules tell, in their order.
func told() (names []string) {
	names = slices.Concat(forBoth, forRewrite, forServer)
	for _, name := range append(slices.Clone(forBoth), forExpressions...) {
		names = append(names, "expr "+name)
	}
	return names
}

// rulesThatTell put each variable into one of the environment, and answer is the
// text that has them all.
func rulesThatTell() (rules, answer string) {
	rules = "RewriteEngine On\n"
	var texts []string
	for i, name := range told() {
		if function, ok := strings.CutPrefix(name, "expr "); ok {
			rules += fmt.Sprintf("RewriteCond expr \"%%{%s} =~ /^(.*)$/\"\nRewriteRule ^ - [E=V%d:%%1]\n", function, i)
		} else {
			rules += fmt.Sprintf("RewriteRule ^ - [E=V%d:%%{%s}]\n", i, name)
		}
		texts = append(texts, fmt.Sprintf("%s %%{reqenv:V%d}", name, i))
	}
	return rules, strings.Join(texts, "|")
}

// predictVariables are the same, as the request is followed here.
func predictVariables(t *testing.T, config *conf.Config, host string, port int, uri string) []string {
	t.Helper()
	s, certain, reason := config.ServerFor(host, port)
	if certain != expr.True {
		t.Fatalf("%s: %s", host, reason)
	}
	path, query, _ := strings.Cut(uri, "?")
	client := request.Client{Host: host, Port: port, HTTPS: expr.False, Path: path, Query: query}
	handlesAll := request.Module{
		Translate: someModule.Translate, Handles: func(*request.Handled) (request.Refusal, bool) { return request.Refusal{}, true },
	}
	var outcomes []request.Outcome
	found := serversOf(config, handlesAll)[s].Follow(client, func(outcome request.Outcome) { outcomes = append(outcomes, outcome) })
	if len(outcomes) != 1 || found.Doubt != nil || outcomes[0].Handled == nil {
		t.Fatalf("%s %s: %+v, in doubt %+v", host, uri, outcomes, found.Doubt)
	}
	var texts []string
	for i, name := range told() {
		value, _ := outcomes[0].Handled.Variable(fmt.Sprintf("V%d", i))
		switch {
		case value.Reason != nil && slices.Contains(forServer, name):
			value.Text = notTold
		case value.Reason != nil:
			value.Text = value.Reason.String()
		}
		texts = append(texts, name+" "+value.Text)
	}
	return texts
}
