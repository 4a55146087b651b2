package cli

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/trusttest"
)

// Two accounts that no system has: alice, who owns what root works on, and bob.
const (
	alice = trusttest.Alice
	bob   = trusttest.Bob
)

// commandFolder is the folder of builtCommand, which goes with the tests.
var commandFolder string

// builtCommand is the program itself, built once for all tests.
var builtCommand = sync.OnceValues(func() (string, error) {
	var err error
	if commandFolder, err = os.MkdirTemp("", "wsgictl-command-"); err != nil {
		return "", err
	}
	program := filepath.Join(commandFolder, "wsgictl")
	if out, err := exec.Command("go", "build", "-o", program, "github.com/wsgictl/wsgictl/cmd/wsgictl").CombinedOutput(); err != nil {
		return "", errors.Join(err, errors.New(string(out)))
	}
	return program, os.Chmod(commandFolder, 0o755)
})

// A foreign is a folder that all can reach, in which alice owns a virtualenv.
// What she gets root to run leaves its name and account in the file marks.
type foreign struct {
	*testing.T
	dir     string
	venv    string // alice's
	marks   string
	program string
	env     []string // root's environment
}

func newForeign(t *testing.T) *foreign {
	t.Helper()
	t.Parallel()
	needtest.Root(t)
	httpdtest.Builder(t) // or there is nothing to build with
	program, err := builtCommand()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("/tmp", "wsgictl-foreign-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	f := &foreign{T: t, dir: dir, venv: dir + "/hers/venv", marks: dir + "/marks", program: program}
	f.env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=" + dir + "/roots", "XDG_CACHE_HOME=" + dir + "/roots/cache", "LC_ALL=C"}
	f.write("marks", "", 0o666, 0)
	f.write("roots/kept", "", 0o600, 0)
	if out, err := exec.Command("/usr/bin/python3", "-m", "venv", "--without-pip", f.venv).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	f.give(dir+"/hers", alice)
	f.must(os.Chmod(dir, 0o755))
	return f
}

func (f *foreign) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// give gives a tree to an account.
func (f *foreign) give(path string, uid int) {
	f.Helper()
	f.must(filepath.WalkDir(path, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, uid, uid)
	}))
}

// write makes a file below the folder for an account, in the place of another.
func (f *foreign) write(name, text string, mode os.FileMode, uid int) string {
	f.Helper()
	path := filepath.Join(f.dir, name)
	f.must(os.MkdirAll(filepath.Dir(path), 0o755))
	_ = os.Remove(path)
	f.must(os.WriteFile(path, []byte(text), mode))
	f.must(os.Chmod(path, mode))
	f.must(os.Lchown(path, uid, uid))
	return path
}

// script is a program of alice's that leaves a mark and does more.
func (f *foreign) script(name, more string) string {
	f.Helper()
	return f.write(name, "#!/bin/sh\necho "+filepath.Base(name)+" $(/usr/bin/id -u) >>"+f.marks+"\n"+more+"\n", 0o755, alice)
}

// archive is a source archive whose module leaves a mark as it is loaded.
func (f *foreign) archive(name string, uid int) string {
	f.Helper()
	return f.write(name, string(tinyArchive(f.T, "6.9.9", `
#include <stdio.h>
#include <unistd.h>
__attribute__((constructor)) static void loaded(void) {
	FILE *marks = fopen("`+f.marks+`", "a");
	if (marks) { fprintf(marks, "module %d\n", (int)getuid()); fclose(marks); }
}`)), 0o644, uid)
}

// namesIn are the names in a folder.
func (f *foreign) namesIn(folder string) string {
	f.Helper()
	entries, err := os.ReadDir(folder)
	f.must(err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return strings.Join(names, " ")
}

// run runs a command as root, in the folder of root.
func (f *foreign) run(args ...string) (code int, stdout, stderr string) {
	f.Helper()
	return f.runIn(f.dir+"/roots", f.env, args...)
}

func (f *foreign) runIn(dir string, env []string, args ...string) (code int, stdout, stderr string) {
	f.Helper()
	return f.start(dir, env, append([]string{f.program}, args...)...)
}

// runAsAlice runs a command as the virtualenv's owner.
func (f *foreign) runAsAlice(args ...string) (code int, stdout, stderr string) {
	f.Helper()
	return f.start("/", f.env, append([]string{"setpriv", "--reuid", "61001", "--regid", "61001", "--clear-groups", f.program}, args...)...)
}

// runApart runs a command as root with a /var/lib of its own, which holds what
// the folder varlib does.
func (f *foreign) runApart(args ...string) (code int, stdout, stderr string) {
	f.Helper()
	f.must(os.MkdirAll(f.dir+"/varlib", 0o755))
	const apart = `mount --bind "$0" /var/lib && exec "$@"`
	words := []string{"unshare", "--mount", "--propagation", "private", "sh", "-c", apart, f.dir + "/varlib", f.program}
	if err := exec.Command(words[0], append(words[1:4:4], "true")...).Run(); err != nil {
		needtest.Missing(f, "no files of its own: %v", err)
	}
	return f.start(f.dir+"/roots", f.env, append(words, args...)...)
}

func (f *foreign) start(dir string, env []string, words ...string) (code int, stdout, stderr string) {
	f.Helper()
	ctx, cancel := context.WithTimeout(f.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, words[0], words[1:]...)
	command.Dir, command.Env = dir, env
	var out, messages bytes.Buffer
	command.Stdout, command.Stderr = &out, &messages
	err := command.Run()
	if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || ctx.Err() != nil) {
		f.Fatalf("%v: %v\n%s", words, err, messages.String())
	}
	return command.ProcessState.ExitCode(), out.String(), messages.String()
}

// wants holds what a command said against what it should.
func (f *foreign) wants(text string, parts ...string) {
	f.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			f.Errorf("no %q in:\n%s", part, text)
		}
	}
}

// unharmed reports what alice got run as another account than her own.
func (f *foreign) unharmed() {
	f.Helper()
	text, err := os.ReadFile(f.marks)
	f.must(err)
	for line := range strings.Lines(string(text)) {
		if !strings.HasSuffix(line, " 61001\n") {
			f.Errorf("this ran as another account than its owner's: %s", line)
		}
	}
}

// while does something of alice's again and again as long as root works, which
// takes a second and more.
func (f *foreign) while(hers func(turn int), roots func()) {
	f.Helper()
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for turn := 0; ; turn++ {
			select {
			case <-stop:
				return
			default:
				hers(turn)
			}
		}
	}()
	for end := time.Now().Add(1500 * time.Millisecond); time.Now().Before(end) && !f.Failed(); {
		roots()
	}
	close(stop)
	<-done
}

// flip lets a name lead to one file after the other, in one step each.
func (f *foreign) flip(name string, targets ...string) func(turn int) {
	next := name + "-next"
	return func(turn int) {
		_ = os.Symlink(targets[turn%len(targets)], next)
		_ = os.Lchown(next, alice, alice)
		_ = os.Rename(next, name)
	}
}
