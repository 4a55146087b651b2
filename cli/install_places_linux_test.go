package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/trusttest"
)

// rootsVenv makes a virtualenv of root's own, and an archive to build.
func (f *foreign) rootsVenv(path string) (venv, source string) {
	f.Helper()
	if out, err := exec.Command("/usr/bin/python3", "-m", "venv", "--without-pip", path).CombinedOutput(); err != nil {
		f.Fatalf("%v: %s", err, out)
	}
	return path, f.write("roots/mod_wsgi-6.1.1.tar.gz", string(tinyArchive(f.T, "6.1.1")), 0o600, 0)
}

// Of TMPDIR nothing is loaded or executed, and nothing is left there.
func TestInstallModuleWhereTMPDIRIsNoexec(t *testing.T) {
	f := newForeign(t)
	venv, source := f.rootsVenv(f.dir + "/roots/venv")
	temporary := f.dir + "/tmp"
	trusttest.Mount(t, "tmpfs", temporary, unix.MS_NOEXEC, "mode=1777")
	f.env = append(f.env, "TMPDIR="+temporary)
	for _, more := range [][]string{{"--venv", venv, "--no-cache"}, {"--venv", f.venv, "--modules-directory", f.dir + "/roots/modules"}} {
		code, _, stderr := f.run(append([]string{"install-module", "--source", source}, more...)...)
		if left := f.namesIn(temporary); code != 0 || left != "" {
			t.Errorf("%q: exit code %d, left %q\n%s", more, code, left, stderr)
		}
	}
}

// From a virtualenv on noexec Apache loads nothing; a copy elsewhere it does.
func TestInstallModuleIntoAVirtualenvOnNoexec(t *testing.T) {
	f := newForeign(t)
	trusttest.Mount(t, "tmpfs", f.dir+"/roots/noexec", unix.MS_NOEXEC, "")
	venv, source := f.rootsVenv(f.dir + "/roots/noexec/venv")
	code, stdout, _ := f.run("detect", "--venv", venv)
	if code != 1 {
		t.Errorf("detect: exit code %d", code)
	}
	f.wants(stdout, "virtualenv-noexec: "+venv+"/lib/", "is on a file system that is mounted noexec", "findmnt")
	code, _, stderr := f.run("install-module", "--venv", venv, "--source", source)
	if code != 1 {
		t.Errorf("exit code %d", code)
	}
	f.wants(stderr, "is on a file system that is mounted noexec: Apache cannot load a module from there")
	f.must(os.Mkdir(f.dir+"/roots/modules", 0o755))
	code, stdout, stderr = f.run("install-module", "--venv", venv, "--source", source, "--modules-directory", f.dir+"/roots/modules")
	if code != 0 {
		t.Errorf("with a copy: exit code %d\n%s", code, stderr)
	}
	f.wants(stdout, "LoadModule wsgi_module \""+f.dir+"/roots/modules/mod_wsgi-py3")
}

// What is verified is the module where Apache will load it from.
func TestInstallModuleVerifiesWhatIsLoaded(t *testing.T) {
	f := newForeign(t)
	venv, source := f.rootsVenv(f.dir + "/roots/venv")
	modules := f.dir + "/roots/modules"
	trusttest.Mount(t, "tmpfs", modules, unix.MS_NOEXEC, "mode=755")
	before := f.filesOf(venv)
	for _, name := range []string{venv, f.venv} {
		code, _, stderr := f.run("install-module", "--venv", name, "--source", source, "--modules-directory", modules)
		if left := f.namesIn(modules); code != 1 || left != "" {
			t.Errorf("%s: exit code %d, left %q", name, code, left)
		}
		f.wants(stderr, modules+" is on a file system that is mounted noexec", "remount,exec", "--modules-directory")
	}
	if after := f.filesOf(venv); before != after {
		t.Errorf("it wrote into the virtualenv:\n%s", after)
	}
}

// A run that is killed leaves nothing that the next one does not remove.
func TestInstallModuleRemovesWhatAKilledOneLeft(t *testing.T) {
	f := newForeign(t)
	venv, source := f.rootsVenv(f.dir + "/roots/venv")
	f.must(os.Mkdir(f.dir+"/roots/tmp", 0o755))
	f.env = append(f.env, "TMPDIR="+f.dir+"/roots/tmp")
	compiler := f.write("roots/cc", "#!/bin/sh\n[ \"$1\" = --version ] && exec cc --version\necho $$ >> '"+f.dir+"/roots/compilers'\necho $PPID > '"+f.dir+"/roots/asleep'\nexec sleep 600\n", 0o755, 0)
	t.Cleanup(func() {
		pids, _ := os.ReadFile(f.dir + "/roots/compilers")
		for _, pid := range strings.Fields(string(pids)) {
			n, err := strconv.Atoi(pid)
			f.must(err)
			_ = syscall.Kill(n, syscall.SIGKILL)
		}
	})
	for _, more := range [][]string{nil, {"--no-cache"}} {
		f.must(os.RemoveAll(f.dir + "/roots/asleep"))
		words := append([]string{"install-module", "--venv", venv, "--source", source}, more...)
		killed := exec.Command(f.program, words...)
		killed.Env = append(f.env, "CC="+compiler)
		f.must(killed.Start())
		await(t, "it compiles", func() bool { _, err := os.Stat(f.dir + "/roots/asleep"); return err == nil })
		f.must(killed.Process.Kill())
		_ = killed.Wait()
		scratch := f.dir + "/roots/cache/wsgictl/scratch"
		if f.namesIn(scratch) == "" && more != nil {
			t.Error("nothing was left, which shows nothing")
		}
		if code, _, stderr := f.run(words...); code != 0 {
			t.Errorf("exit code %d\n%s", code, stderr)
		}
		if left := f.namesIn(scratch) + f.namesIn(f.dir+"/roots/tmp"); left != "" {
			t.Errorf("%q: left %q", more, left)
		}
	}
}

// A venv in a lower layer of an overlay, as in a container's image.
func TestInstallModuleOverALowerLayer(t *testing.T) {
	f := newForeign(t)
	trusttest.Mount(t, "tmpfs", f.dir+"/roots/layers", 0, "")
	at := func(name string) string { return filepath.Join(f.dir, "roots/layers", name) }
	for _, name := range []string{"lower", "upper", "work"} {
		f.must(os.Mkdir(at(name), 0o755))
	}
	old := f.write("roots/mod_wsgi-5.0.2.tar.gz", string(tinyArchive(t, "5.0.2")), 0o600, 0)
	venv, source := f.rootsVenv(at("lower/venv"))
	if code, _, stderr := f.run("install-module", "--venv", venv, "--source", old); code != 0 {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	trusttest.Mount(t, "overlay", at("merged"), 0, "lowerdir="+at("lower")+",upperdir="+at("upper")+",workdir="+at("work"))
	code, stdout, stderr := f.run("install-module", "--venv", at("merged/venv"), "--source", source)
	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	f.wants(stderr, "Installed mod_wsgi 6.1.1")
	f.wants(stdout, at("merged/venv/lib/python"))
}

// Without a home folder that can be written, nothing is kept, and all works.
func TestInstallModuleWithoutAHome(t *testing.T) {
	f := newForeign(t)
	source := f.write("hers/mod_wsgi-6.1.1.tar.gz", string(tinyArchive(t, "6.1.1")), 0o644, alice)
	before := f.namesIn(f.venv)
	for _, home := range []string{"HOME=/nonexistent", "HOME="} {
		f.env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", home}
		for _, more := range [][]string{{"--dry-run"}, {"--force"}} {
			code, _, stderr := f.runAsAlice(append([]string{"install-module", "--venv", f.venv, "--source", source}, more...)...)
			if after := f.namesIn(f.venv); code != 0 || before != after {
				t.Errorf("%s: exit code %d, left %q\n%s", home, code, after, stderr)
			}
			if more[0] == "--force" {
				f.wants(stderr, "Warning: nothing is kept for the next time (cache: ", "--cache-dir", "Installed mod_wsgi 6.1.1")
			}
		}
	}
	f.env = append(f.env, "CC="+f.script("hers/failing", "[ \"$1\" = --version ] && exec cc --version; echo 'x.c:1:1: error: no' >&2; exit 1"))
	code, _, stderr := f.runAsAlice("install-module", "--venv", f.venv, "--source", source, "--force")
	if code != 1 {
		t.Errorf("exit code %d", code)
	}
	f.wants(stderr, "all messages: "+f.venv+"/wsgictl-build.log")
	// Not where no cache can be, though one was named.
	code, _, stderr = f.runAsAlice("install-module", "--venv", f.venv, "--source", source, "--cache-dir", "/nonexistent/cache")
	if code != 1 {
		t.Errorf("exit code %d", code)
	}
	f.wants(stderr, "cache: ", "/nonexistent")
}
