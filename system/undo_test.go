package system

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
)

func TestWhatWasMadeIsRememberedUntilTheChangeHolds(t *testing.T) {
	t.Parallel()
	dir := emptyFolder(t)
	history := openHistory(t, dir)
	account := NewAccount("shop", []string{"/srv/shop"})
	for range 2 {
		if err := history.Remember(account); err != nil {
			t.Fatal(err)
		}
	}
	unfinished, err := openHistory(t, dir).Unfinished() // a command that comes after a kill
	if diff := cmp.Diff([]Undo{account, account}, unfinished); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if err := carry(history, below(dir, etcBefore), "apply", true); err != nil {
		t.Fatal(err)
	}
	if unfinished, err := openHistory(t, dir).Unfinished(); len(unfinished) > 0 || err != nil {
		t.Errorf("a change that holds needs what was made for it, and this is to be undone: %v (%v)", unfinished, err)
	}
	if err := history.Remember(account); err != nil {
		t.Fatal(err)
	}
	if err := history.Forget(); err != nil {
		t.Fatal(err)
	}
	if unfinished, err := history.Unfinished(); len(unfinished) > 0 || err != nil {
		t.Errorf("%v (%v)", unfinished, err)
	}
}

// newAccount is one of a name that no other test has.
func newAccount(t *testing.T, folders ...string) Undo {
	t.Helper()
	needtest.Root(t)
	if _, err := exec.LookPath("useradd"); err != nil {
		needtest.Missing(t, "%v", err)
	}
	httpdtest.ShareSystem(t)
	account := NewAccount(fmt.Sprintf("wsgictl-%d", time.Now().UnixNano()%1e9), folders)
	t.Cleanup(func() { _ = exec.Command("userdel", "--force", account.Name).Run() })
	return account
}

func exists(account Undo) bool {
	_, err := user.Lookup(account.Name)
	return err == nil
}

func TestAccountIsTakenAwayUnlessItHasComeToBeUsed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		use  func(t *testing.T, account *Undo, folder string)
		stay string
	}{
		"unused": {func(*testing.T, *Undo, string) {}, ""},
		"a file is its": {func(t *testing.T, account *Undo, folder string) {
			run(t, "chown", account.Name, folder)
		}, "belongs to it"},
		"another of the name": {func(_ *testing.T, account *Undo, _ string) { account.Mark = "wsgictl other" }, "not the one that was created"},
		"a process of it ends soon": {func(t *testing.T, account *Undo, _ string) {
			startAs(t, account.Name, "1")
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			account := newAccount(t, folder)
			if err := CreateAccount(t.Context(), account); err != nil {
				t.Fatal(err)
			}
			c.use(t, &account, folder)
			err := RemoveAccount(t.Context(), account)
			if c.stay == "" && (err != nil || exists(account)) {
				t.Errorf("it stays: %v", err)
			}
			if c.stay != "" && (err == nil || !strings.Contains(err.Error(), c.stay) || !exists(account)) {
				t.Errorf("error %v, want one with %q, and the account there", err, c.stay)
			}
		})
	}
	t.Run("never created", func(t *testing.T) {
		if err := RemoveAccount(t.Context(), newAccount(t)); err != nil {
			t.Error(err)
		}
	})
}

func run(t testing.TB, words ...string) {
	t.Helper()
	if output, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", words, err, output)
	}
}

func startAs(t *testing.T, account, seconds string) {
	t.Helper()
	process := exec.Command("setpriv", "--reuid", account, "--clear-groups", "--regid", account, "sleep", seconds)
	if err := process.Start(); err != nil {
		needtest.Missing(t, "%v", err)
	}
	go func() { _ = process.Wait() }()
	time.Sleep(100 * time.Millisecond) // until it is the account's
}

// A project is a folder with a wsgictl.toml, an application that fails, and a
// virtualenv without mod_wsgi.
type project struct {
	*instance
	command string // the wsgictl under test
	folder  string
	account Undo
}

func newProject(t *testing.T) *project {
	t.Helper()
	i := newInstance(t)
	p := &project{instance: i, command: filepath.Join(i.apps, "wsgictl"), folder: filepath.Join(i.apps, "shop"), account: newAccount(t)}
	run(t, "go", "build", "-o", p.command, "github.com/wsgictl/wsgictl/cmd/wsgictl")
	run(t, "/usr/bin/python3", "-m", "venv", "--without-pip", filepath.Join(p.folder, "venv"))
	i.write(filepath.Join(p.folder, "wsgi.py"), "import nothing_of_that_name\n")
	i.write(filepath.Join(p.folder, "wsgictl.toml"), fmt.Sprintf(`venv = "%s/venv"
[daemon.shop]
user = %q
[site.shop]
server-name = "shop.example.org"
port = %d
log-directory = "%s/log"
script = "%s/wsgi.py"
`, p.folder, p.account.Name, i.port, i.root, p.folder))
	return p
}

// run runs wsgictl for the instance, and gives what it said.
func (p *project) run(path string, args ...string) (string, error) {
	command := exec.CommandContext(context.Background(), p.command, append(args, "--server-root", p.root, "--httpd", "/usr/sbin/apache2", "--state", p.History.Path())...)
	command.Dir, command.Env = p.folder, append(os.Environ(), "PATH="+path+os.Getenv("PATH"))
	output, err := command.CombinedOutput()
	return string(output), err
}

func (p *project) bootstrap(path string) (string, error) {
	return p.run(path, "bootstrap", "--yes", "--create-user", "--health-limit", "4", "--source", httpdtest.Archive(p.t, "6.1.1").Path)
}

func TestBootstrapThatFailsUndoesWhatItMade(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	before, apache := readFolders(t, []string{p.folder}), p.tree()
	output, err := p.bootstrap("")
	if err == nil || !strings.Contains(output, "Undone, since it was made for this: the account "+p.account.Name+", mod_wsgi in "+p.folder+"/venv.\n") {
		t.Errorf("error %v\n%s", err, output)
	}
	if exists(p.account) {
		t.Error("the account is still there")
	}
	if diff := cmp.Diff(before, readFolders(t, []string{p.folder})); diff != "" {
		t.Errorf("the project is another one (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(apache, p.tree()); diff != "" {
		t.Errorf("the Apache is another one (-before +after):\n%s", diff)
	}
	p.clean()

	p.write(filepath.Join(p.folder, "wsgi.py"), "def application(environ, start_response):\n    start_response('200 OK', [])\n    return [b'served']\n")
	if output, err = p.bootstrap(""); err != nil || !exists(p.account) {
		t.Errorf("fixed, it fails, or its account is not there: %v\n%s", err, output)
	}
	if output, err = p.run("", "status"); err != nil || !exists(p.account) {
		t.Errorf("the next command takes the account away: %v\n%s", err, output)
	}
}

func TestWhatAKilledBootstrapMadeIsUndoneByTheNextCommand(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	before := readFolders(t, []string{p.folder})
	killing := t.TempDir() // a useradd that is the last thing that its caller sees
	p.write(filepath.Join(killing, "useradd"), "#!/bin/sh\n/usr/sbin/useradd \"$@\"\nkill -9 $PPID\n")
	if err := os.Chmod(filepath.Join(killing, "useradd"), 0o755); err != nil {
		t.Fatal(err)
	}
	output, err := p.bootstrap(killing + ":")
	if err == nil || !exists(p.account) {
		t.Fatalf("it was not killed with an account made: %v\n%s", err, output)
	}
	output, err = p.run("", "history")
	if err != nil || !strings.Contains(output, "an interrupted command made mod_wsgi in "+p.folder+"/venv, the account "+p.account.Name+": the next wsgictl apply, rollback or remove takes that away first\n") || !exists(p.account) {
		t.Errorf("%v\n%s", err, output)
	}
	output, err = p.run("", "remove", "shop")
	if err == nil || !strings.Contains(output, "undid what an interrupted command had made: the account "+p.account.Name+", mod_wsgi in "+p.folder+"/venv\n") {
		t.Errorf("%v\n%s", err, output)
	}
	if exists(p.account) {
		t.Error("the account is still there")
	}
	if diff := cmp.Diff(before, readFolders(t, []string{p.folder})); diff != "" {
		t.Errorf("the project is another one (-before +after):\n%s", diff)
	}
}
