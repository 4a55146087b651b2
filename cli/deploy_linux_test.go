package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A deployedHost has a site whose code is deployed, and an Apache that does not run.
type deployedHost struct {
	*testHost
	declaration, config string
}

func newDeployedHost(t *testing.T) deployedHost {
	h := newTestHost(t)
	return deployedHost{h, h.deployed(), h.write("httpd.conf", fmt.Sprintf("ServerRoot %q\nPidFile %q\n", h.dir, h.path("httpd.pid")))}
}

// code is a version of the application.
func (h deployedHost) code(name, statement string) string {
	return filepath.Dir(h.write(name+"/wsgi.py", statement+"\ndef application(environ, start_response):\n    pass\n"))
}

func (h deployedHost) run(words ...string) (code int, out, messages string) {
	var stdout, stderr bytes.Buffer
	code = run(h.t.Context(), append([]string{"deploy", "--file", h.declaration, "--config", h.config}, words...), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func (h deployedHost) ok(words ...string) string {
	h.t.Helper()
	code, out, messages := h.run(words...)
	if code != exitFine {
		h.t.Fatalf("%q: exit %d: %s%s", words, code, out, messages)
	}
	return out
}

// TestDeploySaysWhatItDid deploys twice, lists, and goes back, for people and for programs.
func TestDeploySaysWhatItDid(t *testing.T) {
	t.Parallel()
	h := newDeployedHost(t)
	if out := h.ok("--list", "shop"); out != "Nothing was deployed yet.\n" {
		t.Error(out)
	}
	if out := h.ok("shop", h.code("one", "")); !strings.HasPrefix(out, "shop: "+time.Now().UTC().Format("200601")) || !strings.Contains(out, " s; Apache does not run, and loads it when it is started\n") {
		t.Error(out)
	}
	var report deployReport
	if err := json.Unmarshal([]byte(h.ok("shop", h.code("two", ""), "--json")), &report); err != nil {
		t.Fatal(err)
	}
	if report.Version != 1 || report.Site != "shop" || report.Release == "" || report.Previous == "" || report.Applied || report.Removed == nil || len(report.Steps) == 0 || report.Error != "" {
		t.Errorf("%+v", report)
	}
	if out := h.ok("--list", "shop"); !strings.HasPrefix(out, "* "+report.Release) || !strings.Contains(out, "\n  "+report.Previous) || !strings.Contains(out, h.path("two")+"\n") {
		t.Error(out)
	}
	if out := h.ok("--rollback", "shop"); !strings.Contains(out, "before it "+report.Release) {
		t.Error(out)
	}
	var listed releasesReport
	if err := json.Unmarshal([]byte(h.ok("--list", "shop", "--json")), &listed); err != nil {
		t.Fatal(err)
	}
	if r := listed.Releases; len(r) != 2 || r[0].Serving || !r[1].Serving || r[1].ID != report.Previous || listed.Folder != h.path("shop") {
		t.Errorf("%+v", listed)
	}
}

// TestDeployShowsTheTraceback has a version that does not load.
func TestDeployShowsTheTraceback(t *testing.T) {
	t.Parallel()
	h := newDeployedHost(t)
	h.ok("shop", h.code("one", ""))
	before, err := os.Readlink(h.path("shop/current"))
	if err != nil {
		t.Fatal(err)
	}
	broken := h.code("two", `raise RuntimeError("no table \033[2J basket")`)
	code, out, messages := h.run("shop", broken)
	if code != exitFindings || out != "" {
		t.Errorf("exit %d: %s", code, out)
	}
	for _, want := range []string{"It has said:\n", "RuntimeError: no table", "wsgictl: deploy shop: load the application: ", "; " + filepath.Base(before) + " is served on\n"} {
		if !strings.Contains(messages, want) {
			t.Errorf("%q is missing in:\n%s", want, messages)
		}
	}
	if strings.Contains(messages, "\x1b") {
		t.Errorf("%q", messages)
	}
	code, out, _ = h.run("shop", broken, "--json")
	var report deployReport
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != exitFindings || report.Error == "" || len(report.Log) == 0 {
		t.Errorf("exit %d, %v: %s", code, err, out)
	}
	if now, err := os.Readlink(h.path("shop/current")); err != nil || now != before {
		t.Errorf("the link leads to %s, %v", now, err)
	}
}

// TestDeployRefusesWhatCannotBeMeant says what is wrong before anything is made.
func TestDeployRefusesWhatCannotBeMeant(t *testing.T) {
	t.Parallel()
	h := newDeployedHost(t)
	code := h.code("one", "")
	for _, test := range []struct {
		words []string
		code  int
		want  string
	}{
		{[]string{"shop", h.path("none")}, exitUsage, "open what is to be deployed: stat " + h.path("none")},
		{[]string{"shop", h.declaration}, exitUsage, "it is neither a folder nor an archive"},
		{[]string{"other", code}, exitUsage, "no site other is declared, but shop"},
		{[]string{"shop", code, "--timeout", "0"}, exitUsage, "--timeout 0: want a second or more"},
		{[]string{"--list", "shop", code}, exitUsage, "it lists all releases"},
		{[]string{"--rollback", "shop"}, exitFindings, "there is no release before"},
		{[]string{"--rollback", "shop", "2020"}, exitFindings, "no release 2020"},
		{[]string{"--rollback", "--list", "shop"}, exitUsage, "can't be used together"},
	} {
		exit, out, messages := h.run(test.words...)
		if exit != test.code || out != "" || !strings.Contains(messages, test.want) {
			t.Errorf("%q: exit %d, want %d: %s%s", test.words, exit, test.code, out, messages)
		}
	}
	if err := os.Mkdir(h.path("shop"), 0o755); err != nil && !os.IsExist(err) {
		t.Fatal(err)
	}
	if err := os.Chown(h.path("shop"), 0, 0); err != nil {
		t.Fatal(err)
	}
	if exit, _, messages := h.run("shop", code); exit != exitUsage || !strings.Contains(messages, `belongs to root, and root installs no packages and runs no code of a release: give it to an account, with "chown games: `) {
		t.Errorf("exit %d: %s", exit, messages)
	}
	h.write("deploy.toml", "[site.shop]\nserver-name = \"shop.example.org\"\nscript = \"/srv/wsgi.py\"\n")
	if exit, _, messages := h.run("shop", code); exit != exitUsage || !strings.Contains(messages, "its code is not deployed by wsgictl: say where its releases are to be, by a table [site.shop.deploy] with folder = \"/srv/shop\"") {
		t.Errorf("exit %d: %s", exit, messages)
	}
}

// TestApplyWantsARelease refuses a site of which nothing is deployed yet.
func TestApplyWantsARelease(t *testing.T) {
	t.Parallel()
	h := newDeployedHost(t)
	for _, command := range []string{"plan", "apply"} {
		var out, messages bytes.Buffer
		code := run(t.Context(), append([]string{command, "--file", h.declaration}, h.apache()...), &out, &messages)
		if code == exitFine || !strings.Contains(messages.String(), "site shop: nothing is deployed yet, there is no "+h.path("shop/current")+": first put the code there with \"wsgictl deploy shop DIR\", then apply") {
			t.Errorf("%s: exit %d: %s", command, code, messages.String())
		}
	}
}
