package wsgi_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

// strayAccess are .htaccess files of a folder that nobody asks for but to
// disturb: some hold what httpd refuses there, some what it takes.
var strayAccess = []string{
	"LoadModule stray_module /nonexistent.so\nDefine STRAY yes\n",
	"Include /etc/hostname\n",
	"<Macro Stray>\nWSGIProcessGroup stray\n</Macro>\nUse Stray\n",
	"<IfModule mod_rewrite.c>\nRewriteEngine On\nRewriteRule . /app [L]\n</IfModule>\nWSGIProcessGroup %{ENV:STRAY}\n",
	"SetEnvIf Request_URI . STRAY=1\nErrorDocument 404 /app\nDirectoryIndex stray.wsgi\n",
}

// TestAnswersDoNotDependOnOthers asks for the URLs of all mappings in several
// orders, alone, and after others with .htaccess files of their own: the answer
// for a URL is always the same.
func TestAnswersDoNotDependOnOthers(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	configuration, urls := writeMappings(t, root)
	look := func() *wsgi.View {
		config := conf.ReadSource(root+"/httpd.conf", configuration, conf.Options{Modules: []conf.Module{wsgi.Module(modwsgi.Newest)}})
		return wsgi.Look(config, modwsgi.Newest, nil)
	}
	first := answersTo(t, look(), urls, nil)
	for seed := range uint64(3) {
		order := rand.New(rand.NewPCG(seed, seed)).Perm(len(urls))
		compareAnswers(t, fmt.Sprintf("in order %d", seed), first, answersTo(t, look(), urls, order))
	}
	for i, text := range strayAccess {
		for n := range mappings {
			folder := filepath.Join(root, fmt.Sprintf("m%d/docs/stray%d", n, i))
			if err := os.MkdirAll(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, ".htaccess"), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		view := look()
		for n := range mappings {
			if _, err := view.Serving(fmt.Sprintf("http://m%d.test:8080/stray%d/x", n, i)); err != nil {
				t.Fatal(err)
			}
		}
		compareAnswers(t, fmt.Sprintf("after stray .htaccess file %d", i), first, answersTo(t, view, urls, nil))
	}
}

// writeMappings writes the files of all mappings, and gives the configuration of
// their virtual hosts and the URLs to ask for.
func writeMappings(t *testing.T, root string) (configuration string, urls []string) {
	t.Helper()
	var text strings.Builder
	text.WriteString("Listen 8080\nServerName here\nLoadModule authz_core_module modules/mod_authz_core.so\n" + mainRules + "WSGIDaemonProcess g0\nWSGIDaemonProcess g1\n")
	for i, m := range mappings {
		here := filepath.Join(root, fmt.Sprintf("m%d", i))
		files := map[string]string{}
		for _, name := range mappingFiles {
			files[name] = "application = None\n"
		}
		for name, content := range m.files {
			files[name] = content
		}
		for name, content := range files {
			writeHere(t, filepath.Join(here, name), content)
		}
		host := fmt.Sprintf("<VirtualHost *:8080>\nServerName m%d.test\nDocumentRoot HERE/docs\n%s\n</VirtualHost>\n", i, m.configuration)
		text.WriteString(strings.ReplaceAll(host, "HERE", here))
		for path := range strings.FieldsSeq(m.paths) {
			urls = append(urls, fmt.Sprintf("http://m%d.test:8080%s", i, path))
		}
	}
	return text.String(), urls
}

func writeHere(t *testing.T, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if target, ok := strings.CutPrefix(content, "->"); ok {
		if err := os.Symlink(target, name); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// answersTo asks a view for URLs, in an order where one is given, and tells the
// answers by URL.
func answersTo(t *testing.T, view *wsgi.View, urls []string, order []int) map[string]string {
	t.Helper()
	answers := map[string]string{}
	for i := range urls {
		url := urls[i]
		if order != nil {
			url = urls[order[i]]
		}
		answer, err := view.Serving(url)
		if err != nil {
			t.Fatal(err)
		}
		said := fmt.Sprint(answer.Reason)
		if a := answer.Application; a != nil {
			said = fmt.Sprintf("%s %s %q %q %s %s", a.Mode, a.Error, a.ProcessGroup, a.ApplicationGroup, a.Script, a.Reason)
		}
		answers[url] = said
	}
	return answers
}

func compareAnswers(t *testing.T, when string, want, got map[string]string) {
	t.Helper()
	for url, answer := range want {
		if got[url] != answer {
			t.Errorf("%s: %s: %s, want %s", when, url, got[url], answer)
		}
	}
}
