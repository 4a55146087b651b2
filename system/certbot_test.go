package system

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// certbotRecording are the files of a recording, by their names.
func certbotRecording(t testing.TB) map[string]string {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/certbot-2.1.0.txtar")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, file := range archive.Files {
		files[file.Name] = string(file.Data)
	}
	return files
}

func TestWhatCertbotAddsIsToldFromWhatPersonsAdd(t *testing.T) {
	t.Parallel()
	files := certbotRecording(t)
	for name, c := range map[string]struct {
		before, after string
		added         int
		same          bool // but for what certbot added
	}{
		"its redirect":            {files["before"], files["after"], 4, true},
		"nothing":                 {files["before"], files["before"], 0, true},
		"certificate again":       {files["https-before"], files["https-after"], 7, true},
		"another certificate":     {files["https-before"], strings.ReplaceAll(files["https-after"], "/live/shop", "/live/other"), 7, false},
		"redirect and a person":   {files["before"], strings.Replace(files["after"], "<VirtualHost", "Timeout 10\n<VirtualHost", 1), 4, false},
		"redirect, and line gone": {files["before"], strings.Replace(files["after"], "    ServerSignature Off\n", "", 1), 4, false},
		"another redirect":        {files["before"], strings.Replace(files["after"], "RewriteRule ^ https://%{SERVER_NAME}", "RewriteRule ^ https://elsewhere", 1), 3, false},
		"redirect, other indent":  {files["before"], strings.Replace(files["after"], "    WSGIScriptAlias", "WSGIScriptAlias", 1), 4, true},
	} {
		added, rest := certbotEdit(c.before, c.after)
		if len(added) != c.added || sameLines(rest, c.before) != c.same {
			t.Errorf("%s: added %q (-before +rest):\n%s", name, added, cmp.Diff(c.before, rest))
		}
	}
	if !challengeLine().MatchString(files["challenged"]) || challengeLine().MatchString(files["after"]) {
		t.Error("it is not seen when certbot is at work")
	}
	if diff := cmp.Diff(hostLines(files["before"]), hostLines(files["copy"])); diff != "" {
		t.Errorf("the copy is taken for a stale one (-site +copy):\n%s", diff)
	}
	added, _ := certbotEdit(files["before"], files["after"])
	if diff := cmp.Diff(files["after"], withBlock(files["before"], added)); diff != "" {
		t.Errorf("the lines do not go where certbot puts them (-certbot +wsgictl):\n%s", diff)
	}
	if got := withoutBlock(files["after"], added); got != files["before"] {
		t.Errorf("without the lines:\n%s", got)
	}
}

// certbot does to the site shop what the recording shows, with a certificate
// for localhost and on that port.
func (i *instance) certbot() (port int) {
	i.t.Helper()
	port = httpdtest.FreePort(i.t)
	files := certbotRecording(i.t)
	added, _ := certbotEdit(files["before"], files["after"])
	site := i.read("sites-available/shop.conf")
	i.write("sites-available/shop.conf", withBlock(site, added))

	folder := filepath.Join(i.root, "letsencrypt/live/shop.example.org")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		i.t.Fatal(err)
	}
	makeCertificate(i.t, folder, "shop")
	i.write("letsencrypt/options-ssl-apache.conf", "SSLEngine on\n")
	tail, _ := certbotEdit(files["before"], files["copy"])
	_, host, _ := strings.Cut(site, "<VirtualHost")
	_, host, _ = strings.Cut(host, "\n")
	host, _, _ = strings.Cut(host, "</VirtualHost>")
	copied := fmt.Sprintf("<IfModule mod_ssl.c>\n<VirtualHost *:%d>\n%s\n%s</VirtualHost>\n</IfModule>\n", port, host, strings.Join(tail, ""))
	copied = strings.NewReplacer("/etc/letsencrypt", i.root+"/letsencrypt", "fullchain.pem", "shop.crt", "privkey.pem", "shop.key").Replace(copied)
	i.write("sites-available/shop-le-ssl.conf", copied)

	links := map[string]string{"sites-enabled/shop-le-ssl.conf": filepath.Join(i.root, "sites-available/shop-le-ssl.conf")} // as certbot writes it
	for _, name := range []string{"rewrite.load", "ssl.load", "ssl.conf", "socache_shmcb.load"} {
		links["mods-enabled/"+name] = "../mods-available/" + name
	}
	for name, target := range links {
		if err := os.Symlink(target, filepath.Join(i.root, name)); err != nil && !errors.Is(err, os.ErrExist) {
			i.t.Fatal(err)
		}
	}
	i.write("ports.conf", i.read("ports.conf")+fmt.Sprintf("Listen 127.0.0.1:%d\n", port))
	if err := i.Graceful(i.t.Context()); err != nil {
		i.t.Fatal(err)
	}
	return port
}

// planned is an error unless a declaration can be planned without a person's edit
// in the way; it gives how many changes there are.
func (i *instance) planned(d Declaration) int {
	i.t.Helper()
	plan, err := i.Plan(d, Refuse)
	if err != nil || len(plan.Conflicts) > 0 {
		i.t.Fatalf("error %v, conflicts %v", err, plan)
	}
	return len(plan.Changes)
}

const certbotsRedirect = "\nRewriteRule ^ https://%{SERVER_NAME}%{REQUEST_URI} [END,NE,R=permanent]\n</VirtualHost>\n"

func TestCertbotsWorkIsNoEditAndIsTakenOver(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	d := i.declare("6.1.1", "shop")
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	port := i.certbot()
	if n := i.planned(d); n > 0 {
		t.Errorf("%d changes", n)
	}
	current, err := i.Current()
	if err != nil {
		t.Fatal(err)
	}
	if err := i.Health(t.Context(), current, i.Limit); err != nil {
		t.Error(err)
	}
	copies := i.CertbotCopies(current)
	if len(copies) != 1 || copies[0].Port != fmt.Sprint(port) || !copies[0].Redirects || !copies[0].HSTS || copies[0].Stale {
		t.Errorf("copies %+v", copies)
	}

	// What is declared otherwise goes on.
	if err := i.apply(with(d, "2")); err != nil {
		t.Fatal(err)
	}
	d.Sites[0].ServerAlias = []string{"www.shop.example.org"}
	if err := i.apply(with(d, "2")); err != nil {
		t.Fatal(err)
	}
	if text := i.read("sites-available/shop.conf"); !strings.Contains(text, certbotsRedirect) || !strings.Contains(text, "ServerAlias") {
		t.Errorf("file:\n%s", text)
	}
	if copies := i.CertbotCopies(current); len(copies) != 1 || !copies[0].Stale {
		t.Errorf("copies %+v", copies)
	}
	if err := i.rollback(-1); err != nil {
		t.Fatal(err)
	}
	if text := i.read("sites-available/shop.conf"); !strings.Contains(text, certbotsRedirect) || strings.Contains(text, "ServerAlias") {
		t.Errorf("rolled back:\n%s", text)
	}
	before := i.tree()

	// The certificate is declared, and certbot's files go, and come back.
	d.Sites[0].SSLCertificateFile, d.Sites[0].SSLCertificateKeyFile, d.Sites[0].HTTPSPort = copies[0].Certificate, copies[0].Key, port
	if err := i.apply(with(d, "2")); err != nil {
		t.Fatal(err)
	}
	if text := i.read("sites-available/shop.conf"); strings.Contains(text, "Rewrite") || !strings.Contains(text, "SSLCertificateFile") {
		t.Errorf("taken over:\n%s", text)
	}
	if current, err := i.Current(); err != nil || len(i.CertbotCopies(current)) > 0 || i.planned(with(d, "2")) > 0 {
		t.Errorf("error %v, certbot's copy is there, or something is pending", err)
	}
	if err := i.rollback(-1); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, i.tree()); diff != "" {
		t.Errorf("(-before +rolled back):\n%s", diff)
	}

	// With the site goes the copy of it, and stays away.
	if err := i.remove("shop"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"sites-enabled/shop-le-ssl.conf", "sites-available/shop-le-ssl.conf"} {
		if _, err := os.Lstat(filepath.Join(i.root, name)); err == nil {
			t.Errorf("%s is there", name)
		}
	}
	if err := i.apply(i.project("6.1.1", "blog")); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(filepath.Join(i.root, "sites-enabled/shop-le-ssl.conf")); err == nil {
		t.Error("the copy came back")
	}
	i.clean()
}

// Where a person took certbot's copy away, its redirect would lead nowhere.
func TestCertbotsRedirectGoesWithItsCopy(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	d := i.declare("6.1.1", "shop")
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	i.certbot()
	if err := i.apply(with(d, "2")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"sites-enabled/shop-le-ssl.conf", "sites-available/shop-le-ssl.conf"} {
		if err := os.Remove(filepath.Join(i.root, name)); err != nil {
			t.Fatal(err)
		}
	}
	plan, err := i.Plan(with(d, "2"), Refuse)
	if err != nil || len(plan.Conflicts) > 0 || !strings.Contains(strings.Join(plan.Notes, ""), "certbot wrote for site shop goes: "+i.root+"/sites-enabled/shop-le-ssl.conf") {
		t.Errorf("error %v, conflicts %v, notes %q", err, plan.Conflicts, plan.Notes)
	}
	if err := i.carryOut(plan); err != nil {
		t.Fatal(err)
	}
	i.expect("shop", "6.1.1")
	if n := i.planned(with(d, "2")); n > 0 {
		t.Errorf("%d changes", n)
	}
}

// What a person changed beside certbot is an edit, and certbot's lines stay.
func TestEditBesideCertbotsLinesIsAdopted(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	d := i.declare("6.1.1", "shop")
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	i.certbot()
	i.write("sites-available/shop.conf", strings.Replace(i.read("sites-available/shop.conf"), "    ServerSignature Off\n", "    ServerSignature Off\n    Header set X-By-Hand 1\n", 1))
	if plan, err := i.Plan(d, Refuse); err != nil || len(plan.Conflicts) != 1 {
		t.Fatalf("error %v, plan %v", err, plan)
	}
	i.adopted(d)
	if got := i.patches(); !strings.Contains(got, "+    Header set X-By-Hand 1\n") || strings.Contains(got, "Rewrite") {
		t.Errorf("patches %s", got)
	}
	d.Sites[0].ServerAlias = []string{"www.shop.example.org"}
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	text := i.read("sites-available/shop.conf")
	for _, want := range []string{"(with patch shop.conf-2 and lines of certbot)", "X-By-Hand", "ServerAlias", certbotsRedirect} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in:\n%s", want, text)
		}
	}
	if n := i.planned(d); n > 0 {
		t.Errorf("%d changes", n)
	}
	if err := i.overwrite(d); err != nil {
		t.Fatal(err)
	}
	if text := i.read("sites-available/shop.conf"); strings.Contains(text, "X-By-Hand") || !strings.Contains(text, certbotsRedirect) {
		t.Errorf("overwritten:\n%s", text)
	}
}

// What a person allowed, and nobody else, HTTPS allows to nobody else either when
// the site takes over certbot's certificate: certbot's copy had the rule, too.
func TestRuleOfAPersonIsKeptWhenTheCertificateIsTaken(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	d := i.declare("6.1.1", "shop")
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	i.write("sites-available/shop.conf", strings.Replace(i.read("sites-available/shop.conf"), "    ServerSignature Off\n", "    ServerSignature Off\n    <Location /admin>\n        Require all denied\n    </Location>\n", 1))
	i.adopted(d)
	port := i.certbot()
	current, err := i.Current()
	if err != nil {
		t.Fatal(err)
	}
	if err := i.Health(t.Context(), current, i.Limit); err != nil {
		t.Fatal(err)
	}
	if got := i.statusByHTTPS(port, "/admin"); got != http.StatusForbidden {
		t.Fatalf("certbot's copy answers %d", got)
	}
	copies := i.CertbotCopies(current)
	d.Sites[0].SSLCertificateFile, d.Sites[0].SSLCertificateKeyFile, d.Sites[0].HTTPSPort = copies[0].Certificate, copies[0].Key, port
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	if got := i.statusByHTTPS(port, "/admin"); got != http.StatusForbidden {
		t.Errorf("the site answers %d:\n%s", got, i.read("sites-available/shop.conf"))
	}
	if got := i.statusByHTTPS(port, "/"); got != http.StatusOK {
		t.Errorf("the application answers %d", got)
	}
	if n := i.planned(d); n > 0 {
		t.Errorf("%d changes", n)
	}
	i.clean()
}

// A rule that a person wrote into certbot's copy alone does not go with it.
func TestRuleInCertbotsCopyStopsTheTakeOver(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	d := i.declare("6.1.1", "shop")
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	port := i.certbot()
	theirs := "sites-available/shop-le-ssl.conf"
	rule := "    <Location /admin>\n        Require all denied\n    </Location>\n"
	withRule := func(text string) string {
		return strings.Replace(text, "    ServerSignature Off\n", "    ServerSignature Off\n"+rule, 1)
	}
	i.write(theirs, withRule(i.read(theirs)))
	current, err := i.Current()
	if err != nil {
		t.Fatal(err)
	}
	if err := i.apply(with(d, "2")); err != nil { // its own file may change
		t.Fatal(err)
	}
	c := i.CertbotCopies(current)[0]
	d.Sites[0].SSLCertificateFile, d.Sites[0].SSLCertificateKeyFile, d.Sites[0].HTTPSPort = c.Certificate, c.Key, port
	want := i.root + "/" + theirs + " has lines that would go with it, and that the site never had:\n    <Location /admin>\n    Require all denied\n    </Location>\nWrite them into " + i.root + "/sites-available/shop.conf, and keep them with --adopt"
	if _, err := i.Plan(with(d, "2"), Refuse); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %s", err, want)
	}
	i.write("sites-available/shop.conf", withRule(i.read("sites-available/shop.conf")))
	i.adopted(with(d, "2"))
	if got := i.statusByHTTPS(port, "/admin"); got != http.StatusForbidden {
		t.Errorf("the site answers %d:\n%s", got, i.read("sites-available/shop.conf"))
	}
	i.clean()
}

// A line that a person wrote into certbot's copy does not go with the site without
// a word, whichever command takes the site away.
func TestLineInCertbotsCopyStopsTheRemoval(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	shop, blog := i.project("6.1.1", "shop"), i.project("6.1.1", "blog")
	if err := errors.Join(i.apply(blog), i.apply(shop)); err != nil {
		t.Fatal(err)
	}
	i.certbot()
	theirs := i.root + "/sites-available/shop-le-ssl.conf"
	edited := strings.Replace(i.read("sites-available/shop-le-ssl.conf"), "    ServerSignature Off\n", "    ServerSignature Off\n    Header set X-Mine 1\n", 1)
	i.write(theirs, strings.Replace(edited, "<VirtualHost", "# mine\nTimeout 10\n<VirtualHost", 1))
	want := theirs + " goes with site shop, and has lines that the site never had:\n    Timeout 10\n    Header set X-Mine 1\nSave elsewhere what is to be kept of them, and let them go with --overwrite"
	refused := func(what string, err error) {
		t.Helper()
		if err == nil || err.Error() != want {
			t.Errorf("%s: error %v, want %s", what, err, want)
		}
	}
	ways := map[string]func(Takeover) (*Plan, error){
		"remove":          func(takeover Takeover) (*Plan, error) { return i.PlanRemoval("shop", takeover) },
		"rollback":        func(takeover Takeover) (*Plan, error) { return i.PlanRollback(-1, "", takeover) },
		"rollback --file": func(takeover Takeover) (*Plan, error) { return i.PlanRollback(-1, shop.File, takeover) },
		"renamed": func(takeover Takeover) (*Plan, error) {
			renamed := i.project("6.1.1", "store")
			renamed.File = shop.File
			return i.Plan(renamed, takeover)
		},
	}
	for what, plan := range ways {
		for _, takeover := range []Takeover{Refuse, Adopt} {
			_, err := plan(takeover)
			refused(what, err)
		}
		if _, err := plan(Overwrite); err != nil {
			t.Errorf("%s: error %v", what, err)
		}
	}
	// It is nothing to others, and stays with a site that is disabled.
	if err := errors.Join(i.apply(with(blog, "2")), i.apply(disabled(shop, "shop"))); err != nil {
		t.Fatal(err)
	}
	refused("disabled", i.remove("shop"))

	plan, err := i.PlanRemoval("shop", Overwrite)
	if err != nil {
		t.Fatal(err)
	}
	if err := i.carryOut(plan); err != nil {
		t.Fatal(err)
	}
	if isThere(theirs) {
		t.Errorf("%s is there", theirs)
	}
	if err := i.rollback(-1); err != nil {
		t.Fatal(err)
	}
	if text := i.read("sites-available/shop-le-ssl.conf"); !strings.Contains(text, "X-Mine") {
		t.Errorf("rolled back:\n%s", text)
	}
	i.clean()
}

// statusByHTTPS is what the site shop answers to a GET.
func (i *instance) statusByHTTPS(port int, path string) int {
	i.t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	request, err := http.NewRequestWithContext(i.t.Context(), http.MethodGet, fmt.Sprintf("https://127.0.0.1:%d%s", port, path), http.NoBody)
	if err != nil {
		i.t.Fatal(err)
	}
	request.Host = fmt.Sprintf("shop.example.org:%d", port)
	response, err := client.Do(request)
	if err != nil {
		i.t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

// certbot puts files back as they were when it has finished: nothing is written
// before.
func TestNothingIsChangedWhileCertbotIsAtWork(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	d := i.declare("6.1.1", "shop")
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	plan, err := i.Plan(with(d, "2"), Refuse)
	if err != nil {
		t.Fatal(err)
	}
	lock := exec.CommandContext(t.Context(), "/usr/bin/python3", "-c", `import fcntl, sys
file = open(sys.argv[1], "w")
fcntl.lockf(file, fcntl.LOCK_EX)
print("locked", flush=True)
sys.stdin.read()`, filepath.Join(i.root, ".certbot.lock"))
	input, err := lock.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := lock.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := lock.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := output.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if err := i.Apply(t.Context(), plan); !errors.Is(err, ErrCertbotRuns) {
		t.Errorf("error %v", err)
	}
	input.Close()
	if err := lock.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := i.Apply(t.Context(), plan); err != nil {
		t.Error(err)
	}

	i.certbot()
	i.write("sites-available/shop.conf", strings.Replace(i.read("sites-available/shop.conf"), ">\n", ">\n    Include "+i.root+"/le_http_01_challenge_pre.conf\n", 1))
	if _, err := i.Plan(d, Refuse); !errors.Is(err, ErrCertbotRuns) || !strings.Contains(err.Error(), "sites-available/shop.conf") {
		t.Errorf("error %v", err)
	}
}

// A site that is declared disabled is not served by certbot's copy either, until
// it is enabled again.
func TestDisabledSiteTakesCertbotsCopyWithIt(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	d := i.declare("6.1.1", "shop", "blog")
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	i.certbot()
	enabled := filepath.Join(i.root, "sites-enabled/shop-le-ssl.conf")
	for n, disabled := range []bool{true, true, false} {
		d.Sites[0].Disabled = disabled
		d.Sites[1].ServerAlias = []string{fmt.Sprintf("b%d.example.org", n)}
		if err := i.apply(d); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Lstat(enabled); (err != nil) != disabled {
			t.Errorf("disabled %t: error %v", disabled, err)
		}
	}
	if text := i.read("sites-available/shop.conf"); !strings.Contains(text, certbotsRedirect) {
		t.Errorf("file:\n%s", text)
	}
	d.Sites[0].Disabled = true
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	if err := i.remove("shop"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(enabled); err == nil {
		t.Error("the copy came back")
	}
	i.clean()
}
