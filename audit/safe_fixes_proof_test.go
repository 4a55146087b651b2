package audit_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
	"github.com/wsgictl/wsgictl/wsgi/wsgitest"
)

// safeFixes are servers that safe fixes are made to. ROOT stands for their
// folder, with app.wsgi and other.wsgi in srv, and a link to a Python in home.
var safeFixes = []struct {
	rules         string // whose safe fixes are made, with blanks between them
	configuration string
	// was is what a server had that httpd does not start with any more, and
	// wasRelease the mod_wsgi that it had; both are empty where conf starts.
	was, wasRelease string
	release         string
	paths           string // with the status of each
}{
	{"WC003 WC103 WC127 WC146 WC151 WC202", `
# wsgictl: ignore WC107 because it was needed once
WSGIVerboseDebugging On
WSGIPythonHome ROOT/home
WSGIDaemonProcess shop request-timeout=60s
WSGIDaemonProcess blog python-home=ROOT/home \
    startup-timeout="15s"
WSGIScriptAlias /blog ROOT/srv/other.wsgi process-group=blog
WSGIScriptAlias / ROOT/srv/app.wsgi process-group=shop
WSGIImportScript ROOT/srv/app.wsgi process-group=shop application-group=%{GLOBAL}
<Location /guarded>
WSGIAccessScript ROOT/srv/access.py
</Location>`, "", "", "6.1.1", "/=200 /blog=200 /blog/x=200 /guarded=200 /guarded/refused=403"},
	{"WC103 WC151", `
WSGIRestrictEmbedded Off
WSGIDaemonProcess shop
WSGIScriptAlias / ROOT/srv/app.wsgi process-group=shop
<Location /guarded>
WSGIAccessScript ROOT/srv/access.py
</Location>`, "", "", "4.9.4", "/=200 /guarded=200 /guarded/refused=403"},
	{"WC107 WC103 WC151", twoHosts("WSGIDaemonProcess shop", "WSGIDaemonProcess shop"), twoHosts("WSGIDaemonProcess shop", ""), "6.1.1", "6.1.1", "/=200 /x=200"},
	{"WC199 WC103 WC151", "WSGILazyInitialization Off\n" + oneApplication, "WSGILazyInitialization Off\n" + oneApplication, "4.9.4", "6.1.1", "/=200 /x=200"},
	{"WC200 WC103 WC151", strings.Replace(oneApplication, "shop", "shop proxy-buffer-size=65536", 1), oneApplication, "4.9.4", "4.9.4", "/=200 /x=200"},

	{"WC103 WC151 WC207", oneApplication + `
<Directory ROOT/srv>
Order allow,deny
Allow from all
</Directory>
<Location /x>
Order deny,allow
Allow from all
</Location>`, "", "", "6.1.1", "/=200 /x=200 /y=200"},
	{"WC103 WC151 WC207", oneApplication + `
<Directory ROOT/srv>
Order deny,allow
Deny from all
</Directory>
<Location /x>
Order allow,deny
Deny from all
</Location>`, "", "", "6.1.1", "/=403 /x=403 /y=403"},
	{"WC103 WC151", oneApplication + `
<Directory ROOT>
Order deny,allow
Deny from all
</Directory>
<Directory ROOT/srv>
Order deny,allow
Deny from all
Allow from 127.0.0.1
</Directory>`, "", "", "6.1.1", "/=200 /x=200"},
	{"WC103 WC151", oneApplication + `
<Directory ROOT>
Order deny,allow
Deny from all
Allow from 192.0.2.0/24
</Directory>
<Directory ROOT/srv>
Order allow,deny
Allow from all
</Directory>`, "", "", "6.1.1", "/=200 /x=200"},
	{"WC103 WC151", oneApplication + `
<Directory ROOT>
Order deny,allow
Deny from all
</Directory>
# wsgictl: ignore WC207 because it stays as it is
<Directory ROOT/srv>
Order deny,allow
Allow from all
</Directory>`, "", "", "6.1.1", "/=200 /x=200"},
	{"WC151", oneApplication + `
<Directory ROOT>
AllowOverride Limit AuthConfig
Order deny,allow
Deny from all
</Directory>`, "", "", "6.1.1", "/=200 /x=200"},
}

const oneApplication = "WSGIDaemonProcess shop\nWSGIScriptAlias / ROOT/srv/app.wsgi process-group=shop\n"

// twoHosts are two virtual hosts of one name, with a line of each.
func twoHosts(first, second string) string {
	var configuration strings.Builder
	for _, line := range []string{first, second} {
		fmt.Fprintf(&configuration, "<VirtualHost *>\nServerName shop.test\n%s\nWSGIScriptAlias / ROOT/srv/app.wsgi process-group=shop\n</VirtualHost>\n", line)
	}
	return configuration.String()
}

// TestSafeFixesChangeNoAnswer asks a real server before and after all safe
// fixes: status and what the application saw of where it runs stay the same.
func TestSafeFixesChangeNoAnswer(t *testing.T) {
	t.Parallel()
	for i, c := range safeFixes {
		t.Run(fmt.Sprint(i, " ", c.rules), func(t *testing.T) {
			t.Parallel()
			s := httpdtest.New(t)
			s.Write("srv/app.wsgi", wsgitest.Script)
			s.Write("srv/other.wsgi", wsgitest.Script)
			s.Write("srv/access.py", "def allow_access(environ, host):\n    return not environ['REQUEST_URI'].endswith('refused')\n")
			if strings.Contains(c.configuration, "AllowOverride") {
				s.Write("srv/.htaccess", "Order deny,allow\nAllow from 127.0.0.1\n")
			}
			if err := os.Symlink("/usr", s.Root+"/home"); err != nil {
				t.Fatal(err)
			}
			here := strings.NewReplacer("ROOT", s.Root)
			load, configuration, was := s.LoadModule(c.release), here.Replace(c.configuration)+"\n", s.LoadModule(c.release)+here.Replace(c.configuration)+"\n"
			if c.was != "" {
				if _, _, _, err := s.Ask(load + configuration); err == nil {
					t.Errorf("httpd starts with what is to be fixed\n%s", configuration)
				}
				was = s.LoadModule(c.wasRelease) + here.Replace(c.was) + "\n"
			}
			s.Start(was)
			before := answers(t, s, c.paths)
			s.Stop()
			s.LoadModule(c.release)
			text, rules := fixSafely(t, s, c.release, load+configuration)
			if diff := cmp.Diff(slices.Sorted(strings.FieldsSeq(c.rules)), rules); diff != "" {
				t.Errorf("rules with safe fixes (-want +got)\n%s\n%s", diff, text)
			}
			s.Start(text)
			if diff := cmp.Diff(before, answers(t, s, c.paths)); diff != "" {
				t.Errorf("answers (-before +after)\n%s\n%s", diff, text)
			}
		})
	}
}

// answers are the bodies for paths, each of which has its status after it.
func answers(t *testing.T, s *httpdtest.Server, paths string) map[string]string {
	t.Helper()
	answers := map[string]string{}
	for path := range strings.FieldsSeq(paths) {
		path, want, _ := strings.Cut(path, "=")
		status, body := s.Get("shop.test", path)
		if fmt.Sprint(status) != want {
			t.Errorf("GET %s: status %d, want %s\n%s", path, status, want, s.ErrorLog())
		}
		answers[path] = body
	}
	return answers
}

// fixSafely makes the safe fixes of a server's configuration, and gives what
// stands after the base, with the ids of the rules.
func fixSafely(t *testing.T, s *httpdtest.Server, release, configuration string) (text string, rules []string) {
	t.Helper()
	number := modwsgi.MustParseRelease(release)
	file := s.Write("httpd.conf", s.Base()+configuration)
	for range 5 {
		config, err := conf.Read(file, conf.Options{Modules: []conf.Module{wsgi.Module(number)}})
		if err != nil {
			t.Fatal(err)
		}
		files, made, err := audit.ApplyFixes(audit.Run(wsgi.Look(config, number, nil), audit.Settings{Select: everyCategory()}).Findings, false)
		if err != nil {
			t.Fatal(err)
		}
		if len(made) == 0 {
			text, ok := strings.CutPrefix(config.Files[0].Source, s.Base())
			if !ok {
				t.Fatalf("the base is not what it was:\n%s", config.Files[0].Source)
			}
			slices.Sort(rules)
			return text, slices.Compact(rules)
		}
		for _, f := range made {
			rules = append(rules, f.Rule.ID)
		}
		rewrite(t, file, files[0].Text)
	}
	t.Fatal("there is always something more to fix")
	return "", nil
}

// TestAllSafeFixesAreProven holds the rules that have a safe fix, in examples or
// golden cases, against those whose fixes the servers above get.
func TestAllSafeFixesAreProven(t *testing.T) {
	t.Parallel()
	proven := map[string]bool{}
	for _, c := range safeFixes {
		for rule := range strings.FieldsSeq(c.rules) {
			proven[rule] = true
		}
	}
	for _, f := range fixables(t, t.TempDir()) {
		for _, release := range []string{"4.9.4", modwsgi.Newest.String()} {
			for _, found := range f.fixed(f.read(t, modwsgi.MustParseRelease(release))) {
				if found.Fix.Safe && !proven[found.Rule.ID] {
					t.Errorf("%s: no server above gets the safe fix of %s", found.Pos, found.Rule.ID)
				}
			}
		}
	}
}

// TestSafeFixesOfRandomServersChangeNoAnswer does the same with configurations
// of all kinds.
func TestSafeFixesOfRandomServersChangeNoAnswer(t *testing.T) {
	t.Parallel()
	for n, release := range []string{"4.9.4", modwsgi.Newest.String()} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			b := wsgitest.NewBatch(t, release, 5, n+1, 40)
			if n == 1 { // a server of old, whose access control WC207 can fix as a whole
				b.Configuration = withoutAccess(b.Configuration)
			}
			b.Configuration = withHabits(b.Configuration, []string{"Order allow,deny\nAllow from all\n", "Order deny,allow\nDeny from all\n"}[:2-n])
			b.Server.Start(b.Configuration)
			before := b.Ask(t)
			b.Server.Stop()
			text, rules := fixSafely(t, b.Server, release, b.Configuration)
			b.Server.Start(text)
			answered := 0
			for i, after := range b.Ask(t) {
				if after.Body != nil {
					answered++
				}
				if after.Status != before[i].Status || !slices.Equal(after.Body, before[i].Body) {
					t.Errorf("%s: GET %v: %d %v before, %d %v after\n%s", b.Label, b.URLs[i], before[i].Status, before[i].Body, after.Status, after.Body, b.Excerpt(b.URLs[i].Host))
				}
			}
			if answered*10 < len(before) {
				t.Errorf("%s: applications answer %d of %d requests", b.Label, answered, len(before))
			}
			want := [][]string{{"WC003", "WC127", "WC151"}, {"WC003", "WC127", "WC151", "WC202", "WC207"}}[n]
			if diff := cmp.Diff(want, rules); diff != "" {
				t.Errorf("rules with safe fixes (-want +got)\n%s", diff)
			}
		})
	}
}

// withoutAccess takes out of a configuration all that says who gets in, and what
// lets .htaccess files say it.
func withoutAccess(configuration string) string {
	saysWho := regexp.MustCompile(`(?mi)^[ \t]*(?:Require|</?Require(?:All|Any|None)|Auth\w+|Order|Allow|Deny|Satisfy)\b.*\n`)
	return strings.NewReplacer("AllowOverride All\n", "AllowOverride FileInfo Options Indexes\n",
		"AllowOverride FileInfo Options Indexes AuthConfig\n", "AllowOverride FileInfo Options Indexes\n").Replace(saysWho.ReplaceAllString(configuration, ""))
}

// withHabits writes into a configuration what safe fixes are for; access are
// lines that sections get in turn.
func withHabits(configuration string, access []string) string {
	var b strings.Builder
	sections := 0
	for line := range strings.Lines(configuration) {
		if strings.HasPrefix(line, "Listen") {
			b.WriteString("WSGIVerboseDebugging Off\n")
		}
		if strings.HasPrefix(line, "<VirtualHost") {
			b.WriteString("# wsgictl: ignore WC107 because it was needed once\n")
		}
		b.WriteString(strings.Replace(line, "threads=2", "threads=2 request-timeout=60s", 1))
		if strings.HasPrefix(line, "<Directory") || strings.HasPrefix(line, "<Location") || strings.HasPrefix(line, "<Files") {
			sections++
			if sections%4 == 0 {
				b.WriteString(access[sections/4%len(access)])
			}
		}
	}
	return b.String()
}
