package system

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/store"
)

// An othersProject is a project of alice's, with a virtualenv of hers, that root
// serves. What is hers says who has run it.
type othersProject struct {
	*instance
	command string // the wsgictl under test
	folder  string // alice's
	file    string // root's wsgictl.toml
	kept    string // root's folder for modules
	traces  string // folder in which hers leave a file named after who runs them
}

func newOthersProject(t *testing.T) *othersProject {
	t.Helper()
	i := newInstance(t)
	p := &othersProject{instance: i, command: filepath.Join(i.apps, "wsgictl")}
	base := filepath.Dir(i.root)
	p.folder, p.kept, p.traces = filepath.Join(base, "home", "shop"), filepath.Join(base, "kept"), filepath.Join(base, "traces")
	run(t, "go", "build", "-o", p.command, "github.com/wsgictl/wsgictl/cmd/wsgictl")
	for folder, mode := range map[string]os.FileMode{p.folder: 0o755, p.traces: 0o1777} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(folder, mode); err != nil {
			t.Fatal(err)
		}
	}
	p.give(filepath.Dir(p.folder))
	p.asAlice("/usr/bin/python3", "-m", "venv", "--without-pip", filepath.Join(p.folder, "venv"))
	p.write(filepath.Join(p.folder, "wsgi.py"), `import os
def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return ['{} as {}'.format(environ['mod_wsgi.process_group'], 'root' if os.geteuid() == 0 else 'another').encode()]
`)
	p.layTraps()
	p.file = p.write(filepath.Join(base, "etc", "shop.toml"), p.declaration(""))
	p.give(p.folder)
	return p
}

// declaration is what is declared of the project, with further lines first.
func (p *othersProject) declaration(lines string) string {
	return fmt.Sprintf(`%svenv = "%s/venv"
[site.shop]
server-name = "shop.example.org"
port = %d
log-directory = "%s/log"
script = "%s/wsgi.py"
`, lines, p.folder, p.port, p.root, p.folder)
}

// layTraps lays what root must not go by: Python code that each Python runs,
// settings of installers, a mod_wsgi that is alice's.
func (p *othersProject) layTraps() {
	p.t.Helper()
	packages, err := filepath.Glob(filepath.Join(p.folder, "venv/lib/python3.*/site-packages"))
	if err != nil || len(packages) != 1 {
		p.t.Fatalf("site-packages %v, error %v", packages, err)
	}
	p.write(filepath.Join(packages[0], "sitecustomize.py"), fmt.Sprintf("import os\nopen('%s/python-%%d' %% os.geteuid(), 'w').close()\n", p.traces))
	source := p.write(filepath.Join(p.folder, "trap.c"), fmt.Sprintf(`#include <stdio.h>
#include <unistd.h>
__attribute__((constructor)) static void spring(void) {
    char path[500];
    snprintf(path, sizeof path, "%s/module-%%d", (int) geteuid());
    fclose(fopen(path, "w"));
}
const char *release = "mod_wsgi/9.9.9";
`, p.traces))
	server := filepath.Join(packages[0], "mod_wsgi/server")
	if err := os.MkdirAll(server, 0o755); err != nil {
		p.t.Fatal(err)
	}
	run(p.t, "cc", "-shared", "-fPIC", "-o", filepath.Join(server, "mod_wsgi-py311.cpython-311-x86_64-linux-gnu.so"), source)
	p.write(filepath.Join(p.folder, "venv/pip.conf"), "[global]\nno-index = true\nfind-links = "+p.folder+"\n")
}

// give gives a folder, with all in it, to alice.
func (p *othersProject) give(folder string) {
	p.t.Helper()
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, alice, alice)
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *othersProject) asAlice(words ...string) {
	p.t.Helper()
	command := exec.CommandContext(p.t.Context(), words[0], words[1:]...)
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: alice, Gid: alice}}
	command.Env, command.Dir = []string{"HOME=" + p.folder, "PATH=/usr/bin:/bin"}, "/"
	if output, err := command.CombinedOutput(); err != nil {
		p.t.Fatalf("%v: %v\n%s", words, err, output)
	}
}

// run runs wsgictl in alice's folder, and gives what it said.
func (p *othersProject) run(args ...string) (string, error) {
	args = append(args, "--server-root", p.root, "--httpd", "/usr/sbin/apache2", "--state", p.History.Path())
	command := exec.CommandContext(context.Background(), p.command, args...)
	command.Dir = p.folder
	output, err := command.CombinedOutput()
	return string(output), err
}

// keep has root keep a mod_wsgi, as install-module does.
func (p *othersProject) keep(release string) {
	p.t.Helper()
	content, err := os.ReadFile(httpdtest.Module(p.t, release))
	if err != nil {
		p.t.Fatal(err)
	}
	p.write(filepath.Join(p.kept, p.module(release).FileName()), string(content))
}

// contents are the files of alice's folder, which has no link that matters.
func (p *othersProject) contents() map[string]string {
	p.t.Helper()
	contents := map[string]string{}
	err := filepath.WalkDir(p.folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		contents[path] = entry.Type().String()
		if entry.Type().IsRegular() {
			content, err := os.ReadFile(path)
			contents[path] = store.Digest(content)
			return err
		}
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return contents
}

// untouched holds that nothing of alice's was run as root.
func (p *othersProject) untouched() {
	p.t.Helper()
	traces, err := filepath.Glob(filepath.Join(p.traces, "*-0"))
	if err != nil || len(traces) > 0 {
		p.t.Errorf("root ran what is alice's: %v, error %v", traces, err)
	}
}

func (p *othersProject) says(output string, err error, fails bool, want ...string) {
	p.t.Helper()
	if (err != nil) != fails {
		p.t.Errorf("error %v:\n%s", err, output)
	}
	for _, text := range want {
		if !strings.Contains(output, text) {
			p.t.Errorf("does not say %q:\n%s", text, output)
		}
	}
}

func TestRootServesAProjectOfSomebodyElseWithItsOwnModule(t *testing.T) {
	t.Parallel()
	p := newOthersProject(t)
	p.keep("6.1.1")
	p.keep("4.9.4")
	args := []string{"--file", p.file, "--modules-directory", p.kept}
	before := p.contents()

	output, err := p.run(append([]string{"apply", "--yes"}, args...)...)
	p.says(output, err, false, "Apache loads root's own mod_wsgi 6.1.1 ("+p.kept+"/mod_wsgi-6.1.1-py3.11-", "the virtualenv is for the daemon processes alone")
	if status, body, err := p.get("shop.example.org"); err != nil || body != "shop as another" {
		t.Errorf("status %d, body %q, error %v", status, body, err)
	}
	output, err = p.run(append([]string{"status"}, "--modules-directory", p.kept)...)
	p.says(output, err, false, "declared "+p.file+": as applied", "answers in daemon mode")

	p.write(p.file, p.declaration("mod-wsgi = \"4.9.4\"\n"))
	output, err = p.run(append([]string{"apply", "--yes"}, args...)...)
	p.says(output, err, false, "Apache loads root's own mod_wsgi 4.9.4")
	output, err = p.run("rollback", "--yes")
	p.says(output, err, false, "Done: generation 3")
	if _, err := os.Stat(filepath.Join(p.traces, "module-0")); err == nil {
		t.Error("Apache loaded the module of the virtualenv")
	}
	p.untouched()
	if diff := cmp.Diff(before, p.contents()); diff != "" {
		t.Errorf("root wrote into alice's folder (-before +after):\n%s", diff)
	}
}

func TestDeclarationOfSomebodyElseIsTakenAtOwnRiskAlone(t *testing.T) {
	t.Parallel()
	p := newOthersProject(t)
	p.keep("6.1.1")
	hers := p.write(filepath.Join(p.folder, "wsgictl.toml"), p.declaration(""))
	p.give(p.folder)
	args := []string{"--file", hers, "--modules-directory", p.kept}
	for _, command := range []string{"plan", "apply"} {
		output, err := p.run(append([]string{command}, args...)...)
		p.says(output, err, true, hers+": "+filepath.Dir(p.folder)+": it belongs to user 61001", "install -D -m 600 "+hers+" /etc/wsgictl/", "or take the risk by name: --trust '#61001'")
	}
	output, err := p.run(append([]string{"apply", "--yes", "--trust", "#61002"}, args...)...)
	p.says(output, err, true, "it belongs to user 61001") // bob is another
	output, err = p.run(append([]string{"apply", "--yes", "--trust", "#61001"}, args...)...)
	p.says(output, err, false, "+# --trust #61001: this account can change what Apache uses as root, and so become root.")

	p.write(hers, p.declaration("")+"[daemon.shop]\nprocesses = 3\n")
	output, err = p.run(append([]string{"apply", "--yes"}, args...)...)
	p.says(output, err, false, "Done: generation 2")
	output, err = p.run("status", "--modules-directory", p.kept)
	p.says(output, err, false, "as applied\n         trusted with root's rights: #61001\n")
	output, err = p.run("history")
	p.says(output, err, false, "shop (trusted with root's rights: #61001)\n")
	output, err = p.run("history", "--json")
	p.says(output, err, false, `"trust": [`)

	output, err = p.run("remove", "shop", "--yes")
	p.says(output, err, false, "Done: generation 3")
	output, err = p.run(append([]string{"apply", "--yes"}, args...)...)
	p.says(output, err, true, "it belongs to user 61001")
	p.untouched()
}

// Of who was trusted, only who is needed is remembered.
func TestTrustThatIsNotNeededIsForgotten(t *testing.T) {
	t.Parallel()
	p := newOthersProject(t)
	p.keep("6.1.1")
	output, err := p.run("apply", "--yes", "--trust", "#61001", "--file", p.file, "--modules-directory", p.kept)
	p.says(output, err, false, "Done: generation 1")
	output, err = p.run("history")
	if p.says(output, err, false); strings.Contains(output, "61001") {
		t.Errorf("all that Apache goes by is root's:\n%s", output)
	}
}

func TestLogFolderOfSomebodyElseIsRefused(t *testing.T) {
	t.Parallel()
	p := newOthersProject(t)
	p.keep("6.1.1")
	logs := filepath.Join(p.folder, "logs")
	if err := os.Mkdir(logs, 0o755); err != nil {
		t.Fatal(err)
	}
	p.give(logs)
	p.write(p.file, strings.Replace(p.declaration(""), p.root+"/log", logs, 1))
	args := []string{"apply", "--yes", "--file", p.file, "--modules-directory", p.kept}
	output, err := p.run(args...)
	p.says(output, err, true, "the log folder of site shop is not root's alone", logs+": "+filepath.Dir(p.folder)+": it belongs to user 61001", "--trust '#61001'")
	if entries, err := os.ReadDir(logs); err != nil || len(entries) > 0 {
		t.Errorf("%v, %v", entries, err)
	}
	output, err = p.run(append(args, "--trust", "#61001")...)
	p.says(output, err, false, "Done: generation 1")
}

// A Python of alice's that tells of itself in its files, and one that does not,
// which nobody starts to ask.
func TestBasePythonOfSomebodyElseIsRefused(t *testing.T) {
	t.Parallel()
	p := newOthersProject(t)
	p.keep("6.1.1")
	python := filepath.Join(p.folder, "venv/bin/python")
	if err := os.Remove(python); err != nil {
		t.Fatal(err)
	}
	p.write(python, fmt.Sprintf("#!/bin/sh\n: >%s/started-$(id -u)\nexec /usr/bin/python3 \"$@\"\n", p.traces))
	if err := os.Chmod(python, 0o755); err != nil {
		t.Fatal(err)
	}
	p.give(p.folder)
	args := []string{"--file", p.file, "--modules-directory", p.kept}
	for _, command := range [][]string{{"plan"}, {"apply", "--yes"}, {"bootstrap", "--yes", "--source", httpdtest.Archive(t, "6.1.1").Path}} {
		output, err := p.run(append(command, args...)...)
		p.says(output, err, true, "make the virtualenv with")
	}
	started, err := filepath.Glob(filepath.Join(p.traces, "started-*"))
	if err != nil || len(started) > 0 {
		t.Errorf("it was started: %v, %v", started, err)
	}
}

func TestBootstrapBuildsRootsOwnModuleAndUndoesIt(t *testing.T) {
	t.Parallel()
	p := newOthersProject(t)
	script := filepath.Join(p.folder, "wsgi.py")
	working, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	p.write(script, "import nothing_of_that_name\n")
	before := p.contents()
	args := []string{"bootstrap", "--yes", "--health-limit", "4", "--file", p.file, "--modules-directory", p.kept, "--source", httpdtest.Archive(t, "6.1.1").Path}
	output, err := p.run(args...)
	p.says(output, err, true, "Undone, since it was made for this: "+p.kept+"/mod_wsgi", p.kept+"/mod_wsgictl-6.1.1-py3.11-", p.kept+"/mod_wsgi-6.1.1-py3.11-")
	if kept, err := filepath.Glob(filepath.Join(p.kept, "*")); err != nil || len(kept) > 0 {
		t.Errorf("kept %v, %v", kept, err)
	}
	if diff := cmp.Diff(before, p.contents()); diff != "" {
		t.Errorf("root wrote into alice's folder (-before +after):\n%s", diff)
	}
	p.write(script, string(working))
	output, err = p.run(args...)
	p.says(output, err, false, "Kept mod_wsgi 6.1.1 as "+p.kept, "shop is served at")
	if status, body, err := p.get("shop.example.org"); err != nil || body != "shop as another" {
		t.Errorf("status %d, body %q, error %v", status, body, err)
	}
	p.untouched()
}
