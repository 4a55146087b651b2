package cli

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/needtest"
)

// Case 5 and 10: the virtualenv's Python runs as its owner, if at all, without a
// terminal, and not as whoever else its link leads to.
func TestDetectStartsNothingForeignAsAnotherAccount(t *testing.T) {
	f := newForeign(t)
	python := f.venv + "/bin/python"
	hers := f.script("hers/python", "(: </dev/tty) 2>/dev/null && echo has a terminal 0 >>"+f.marks+"\nexec /usr/bin/python3 \"$@\"")
	bobs := f.script("bobs/python", "exec /usr/bin/python3 \"$@\"")
	roots := f.script("roots/python", "exec /usr/bin/python3 \"$@\"")
	f.give(bobs, bob)
	f.give(roots, 0)
	f.flip(python, hers)(0)
	for _, words := range [][]string{{f.program, "detect", "--venv", f.venv}, {"script", "-qec", f.program + " detect --venv " + f.venv, "/dev/null"}} {
		code, stdout, stderr := f.start(f.dir+"/roots", f.env, words...)
		if code != 1 {
			t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
		}
		f.wants(stdout, "python-of-others", "--trust '#61001'")
	}
	if text, err := os.ReadFile(f.marks); err != nil || !strings.HasPrefix(string(text), "python 61001\n") {
		t.Errorf("her Python was not asked: %q, %v", text, err)
	}
	f.unharmed()
	f.while(f.flip(python, hers, bobs, roots, "/usr/bin/python3"), func() { f.run("detect", "--venv", f.venv) })
	f.unharmed()
	f.give(python, bob) // of two accounts: nobody's
	f.must(os.Truncate(f.marks, 0))
	f.flip(python, bobs)(0)
	code, stdout, _ := f.run("detect", "--venv", f.venv)
	f.wants(strings.Join(strings.Fields(stdout), " "), "error python-fails: ", "can be changed by more than one account")
	if text, err := os.ReadFile(f.marks); err != nil || len(text) > 0 || code != 1 {
		t.Errorf("exit code %d; this was started: %q, %v", code, text, err)
	}
}

func TestDetectTellsRootOfAForeignVirtualenv(t *testing.T) {
	f := newForeign(t)
	f.write("hers/venv/pyvenv.cfg", "home = /usr/bin\nversion = 3\x1b[31m.11.2\n", 0o644, alice)
	code, stdout, stderr := f.runApart("detect", "--venv", f.venv)
	if code > 1 || strings.Contains(stdout, "\x1b") {
		t.Errorf("exit code %d\n%q\n%s", code, stdout, stderr)
	}
	plain := strings.Join(strings.Fields(stdout), " ")
	f.wants(plain, "others can change it ("+f.dir+"/hers: it belongs to user 61001)", "wsgictl install-module --venv "+f.venv+" builds root's own module, kept in /var/lib/wsgictl/modules")
	_, stdout, _ = f.run("detect", "--json", "--venv", f.venv)
	f.wants(stdout, `"others_can_change": "`+f.dir+`/hers: it belongs to user 61001"`)
	_, stdout, _ = f.runAsAlice("detect", "--json", "--venv", f.venv)
	if strings.Contains(stdout, "others_can_change") {
		t.Error("an ordinary account is told who can change files")
	}
}

// withPython is C that needs libpython, as mod_wsgi's own does.
const withPython = "#include <Python.h>\nconst char *python_version(void) { return Py_GetVersion(); }\n"

// mod_wsgi of alice's own in her virtualenv, built by root here for want of a
// compiler that does as she says.
func (f *foreign) moduleOfHers() string {
	f.Helper()
	source := f.write("roots/mod_wsgi-6.1.1.tar.gz", string(tinyArchive(f.T, "6.1.1", withPython)), 0o600, 0)
	code, _, stderr := f.run(f.install("--source", source)...)
	if code != 0 {
		f.Fatal(stderr)
	}
	text, err := os.ReadFile(f.kept()[0])
	f.must(err)
	site, err := exec.Command("sh", "-c", "cd "+f.venv+"/lib/python3.*/site-packages && pwd").Output()
	f.must(err)
	name := strings.TrimPrefix(strings.TrimSpace(string(site)), f.dir) + "/mod_wsgi/server/mod_wsgi-py3.so"
	f.write(name, string(text), 0o644, alice)
	f.give(f.dir+"/hers", alice)
	return f.dir + name
}

func TestModuleConfigTellsRootWhoCouldBecomeRoot(t *testing.T) {
	f := newForeign(t)
	module := f.moduleOfHers()
	_, hers, stderr := f.runAsAlice("module-config", "--venv", f.venv)
	if stderr != "" {
		t.Errorf("an ordinary account is told: %s", stderr)
	}
	f.wants(hers, "LoadModule wsgi_module \""+module+"\"\n")
	code, roots, stderr := f.runApart("module-config", "--venv", f.venv)
	if code != 0 || roots != hers {
		t.Errorf("exit code %d, root gets other lines:\n%s", code, roots)
	}
	f.wants(stderr, "Warning: Apache loads as root what others can change, and who does becomes root: "+module+" ("+f.dir+"/hers: it belongs to user 61001)", "wsgictl install-module --venv "+f.venv)

	// A libpython beside the base interpreter that the virtualenv names.
	library := libpythonOf(f, module)
	f.write("hers/base/lib/"+library, "", 0o644, alice)
	f.write("hers/venv/pyvenv.cfg", "home = "+f.dir+"/hers/base/bin\nversion = 3.11.2\n", 0o644, alice)
	_, stdout, stderr := f.runApart("module-config", "--venv", f.venv)
	f.wants(stdout, "LoadFile \""+f.dir+"/hers/base/lib/"+library+"\"\n")
	f.wants(stderr, "; "+f.dir+"/hers/base/lib/"+library+" ("+f.dir+"/hers: it belongs to user 61001)")
}

func libpythonOf(f *foreign, module string) string {
	f.Helper()
	out, err := exec.Command("sh", "-c", `readelf -d "$0" | sed -n 's/.*\[\(libpython.*\)\]/\1/p'`, module).Output()
	if err != nil || len(out) == 0 {
		needtest.Missing(f, "the module needs no libpython: %v", err)
	}
	return strings.TrimSpace(string(out))
}

func TestModuleThatRootKeepsServesAVirtualenvWithout(t *testing.T) {
	f := newForeign(t)
	source := f.write("roots/mod_wsgi-6.1.1.tar.gz", string(tinyArchive(t, "6.1.1", withPython)), 0o600, 0)
	if code, _, stderr := f.runApart("module-config", "--venv", f.venv); code != 1 || !strings.Contains(stderr, "install-module --venv "+f.venv) {
		t.Errorf("exit code %d\n%s", code, stderr)
	}
	code, installed, stderr := f.runApart("install-module", "--venv", f.venv, "--source", source)
	if code != 0 {
		t.Fatal(stderr)
	}
	f.wants(installed, "LoadModule wsgi_module \"/var/lib/wsgictl/modules/mod_wsgi-6.1.1-py3.")
	code, stdout, stderr := f.runApart("module-config", "--venv", f.venv)
	if code != 0 || stdout != installed || stderr != "" {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr)
	}
	_, stdout, _ = f.runApart("module-location", "--venv", f.venv)
	kept := strings.TrimSpace(stdout)
	f.wants(installed, "LoadModule wsgi_module \""+kept+"\"\n")
	_, stdout, _ = f.runApart("detect", "--venv", f.venv)
	f.wants(strings.Join(strings.Fields(stdout), " "), "Kept "+kept+" mod_wsgi 6.1.1")

	// Her own comes first, and root is told of the other.
	module := f.moduleOfHers()
	_, stdout, stderr = f.runApart("module-config", "--venv", f.venv)
	f.wants(stdout, "LoadModule wsgi_module \""+module+"\"\n")
	f.wants(stderr, "Root keeps one of its own: "+kept)
}

// The part of mod_wsgi-express copies into Apache's folder what Apache trusts.
func TestModuleOfOthersIsNotCopiedForApache(t *testing.T) {
	f := newForeign(t)
	f.moduleOfHers()
	express := f.venv + "/bin/mod_wsgi-express"
	f.must(os.Symlink(f.program, express))
	f.must(os.Mkdir(f.dir+"/roots/copies", 0o755))
	f.program = express
	code, _, stderr := f.runApart("install-module", "--modules-directory", f.dir+"/roots/copies")
	if code != 1 {
		t.Errorf("exit code %d", code)
	}
	f.wants(stderr, "it belongs to user 61001, and Apache would load it as root", "wsgictl install-module --venv "+f.venv)
	if left := f.filesOf(f.dir + "/roots/copies"); strings.Contains(left, ".so") {
		t.Errorf("copied:\n%s", left)
	}
}
