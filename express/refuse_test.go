package express_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/needtest"
)

// TestPlanRefuses shows each check that comes before the first file is written.
func TestPlanRefuses(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	old := newApplication(t, "4.9.4")
	long := "/tmp/" + strings.Repeat("long/", 20)
	for _, test := range []struct {
		name, args, want string
		app              *application
	}{
		{"an unknown option", "--nonsense", "no such option: --nonsense", a},
		{"an option shortened too far", "--ssl", "ambiguous option: --ssl could be --ssl-ca-certificate-file,", a},
		{"an option without its words", "--url-alias /x", "--url-alias needs URL and FILE|DIR", a},
		{"a value for a flag", "--access-log=yes", "--access-log takes no value", a},
		{"a word for a number", "--port eighty", `--port "eighty": want a whole number`, a},
		{"a fraction that is none", "--initial-workers 7", "want a fraction from 0 to 1", a},
		{"a port that is none", "--port 70000", "--port 70000: want at most 65535", a},
		{"an option that the release does not know", "--interrupt-timeout 5", "--interrupt-timeout: ", old},
		{"a value that mod_wsgi refuses", "--header-buffer-size 10", "header-buffer-size", a},
		{"certificates without a port", "--ssl-certificate $APP/site", "--ssl-certificate has no effect without HTTPS", a},
		{"a port without certificates", "--https-port 8443", "--https-port needs a certificate and its key", a},
		{"HTTPS only without HTTPS", "--https-only", "--https-only has no effect", a},
		{"a certificate that is not there", "--https-port 8443 --ssl-certificate $APP/none", "none.crt: no such file", a},
		{"the wrong key", "--https-port 8443 --ssl-certificate-file $APP/site.crt --ssl-certificate-key-file $APP/hello.wsgi", "/site.crt with key ", a},
		{"client certificates without authority", "--https-port 8443 --ssl-certificate $APP/site --ssl-verify-client /x", "needs --ssl-ca-certificate-file", a},
		{"groups without users", "--auth-group-script $APP/access.wsgi", "--auth-group-script needs --auth-user-script", a},
		{"a breakpoint without debugger", "--debugger-startup", "--debugger-startup needs --enable-debugger", a},
		{"slow requests without telemetry", "--slow-requests 1", "--slow-requests needs", a},
		{"telemetry over the network", "--telemetry-service udp:1.2.3.4:5", "want unix:/PATH", a},
		{"telemetry too often", "--telemetry-service unix:/t --telemetry-interval 0.1", "at least 0.5", a},
		{"two telemetry targets", "--telemetry-service unix:/t --enable-telemetry", "leave --telemetry-service out", a},
		{"no switching at all", "--switch-interval 0", "want more than 0", a},
		{"free threading on a normal Python", "--free-threading", "needs a free-threaded Python", a},
		{"PHP that is not there", "--with-php5", "libphp5.so", a},
		{"a locale that is not installed", "--locale xx_YY.UTF-8", "--locale xx_YY.UTF-8: not installed", a},
		{"a locale under its old name", "--lang xx_YY.UTF-8", "not installed", a},
		{"an MPM that is not there", "--server-mpm itk", "find an MPM", a},
		{"a file that is not there", "--include-file $APP/none.conf", "none.conf: no such file", a},
		{"a shell that is not there", "--shell-executable /nowhere/sh", "--shell-executable /nowhere/sh: no such program", a},
		{"a program for logs that is none", "--rotate-logs --rotatelogs-executable $APP/hello.wsgi", "hello.wsgi: no such program", a},
		{"a working directory that is not there", "--working-directory /nowhere", "/nowhere: no such folder", a},
		{"a service that is not there", "--service-user x nobody", "there is no --service-script x", a},
		{"a service of root's", "--service-script x $APP/hello.wsgi --service-user x root", "no service runs as root", a},
		{"a root too long for sockets", "--server-root " + long, "too long for a socket", a},
		{"a line break in a value", "--log-level a\\b", "--log-level", a},
		{"a level for a module that is not loaded", "--log-level ssl:debug", "--log-level ssl:debug: this server does not load a module ssl, and Apache would not start", a},
		{"a level for a module that is nowhere", "--log-level nonsense_module:debug", "does not load a module nonsense", a},
		{"a variable of Apache", "--setenv A ${B}{C}", "Apache would put a variable", a},
		{"an error document for success", "--error-document 200 /x", "want a status from 300", a},
		{"a fraction that is no number", "--initial-workers nan", `--initial-workers "nan": want a number`, a},
		{"a queue that Apache does not wait for", "--queue-timeout 120 --socket-timeout 60", "no longer than 60 s for a request in the queue", a},
		{"a client that the daemon does not wait for", "--response-socket-timeout 120 --socket-timeout 60", "no longer than 60 s for a client", a},
		{"a body that the application does not wait for", "--body-timeout 120 --socket-timeout 60", "the application waits no longer", a},
		{"no time to send or receive", "--socket-timeout 0", "--socket-timeout 0: want at least 1", a},
		{"an exception for a request that is never stuck", "--interrupt-timeout 15 --request-timeout 0", "no request ever counts as stuck", a},
		{"timers without the thread that watches them", "--deadlock-timeout 0", "switches off the thread that watches", a},
		{"a range that ends before it begins", "--header-timeout 60 --header-max-timeout 30", "--header-max-timeout 30: want more than --header-timeout, which is 60", a},
		{"a range that nothing prolongs", "--body-max-timeout 60 --body-min-rate 0", "nothing prolongs --body-timeout", a},
		{"a rate of no time", "--body-timeout 0 --body-min-rate 100", "--body-max-timeout and --body-min-rate have no effect", a},
		{"a mask that is none", "--umask 9", "umask", a},
		{"a mask without processes of its own", "--umask 0027 --embedded-mode", "--umask is about the application's own processes, which embedded mode does not have", a},
		{"telemetry that the release does not have", "--telemetry-options +CaptureUserAgent", "--telemetry-options: ", old},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := test.app.try(append([]string{"hello.wsgi"}, test.app.words(test.args)...))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q in it", err, test.want)
			}
		})
	}
	if _, err := os.Stat(a.Root); err == nil {
		t.Error("a refused command line left a server root")
	}
}

// TestPlanRefusesModuleWithoutLibpython, as of an image for containers that has
// no more than the interpreter; and takes LD_LIBRARY_PATH for what it is.
func TestPlanRefusesModuleWithoutLibpython(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	modules, err := filepath.Glob(filepath.Join(a.Venv, "lib/python3*/site-packages/mod_wsgi/server/mod_wsgi-*.so"))
	if err != nil || len(modules) != 1 {
		t.Fatalf("%v, %v", modules, err)
	}
	module, err := os.ReadFile(modules[0])
	if err != nil {
		t.Fatal(err)
	}
	other := bytes.ReplaceAll(module, []byte(".so.1.0\x00"), []byte(".so.9.9\x00"))
	if err := os.Remove(modules[0]); err != nil { // it may be a link to the module of all tests
		t.Fatal(err)
	}
	if err := os.WriteFile(modules[0], other, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = a.try([]string{"hello.wsgi"})
	if err == nil {
		t.Fatal("accepted")
	}
	library := regexp.MustCompile(`libpython\S+\.so\.9\.9`).FindString(err.Error())
	if library == "" || !regexp.MustCompile(`to fix it: \S+`).MatchString(err.Error()) {
		t.Fatalf("error %v, want the library and the remedy", err)
	}
	a.write(t, "lib/"+library, "")
	a.Env = "LD_LIBRARY_PATH=/none:" + filepath.Join(a.Dir, "lib")
	if _, err := a.try([]string{"hello.wsgi"}); err != nil {
		t.Error(err)
	}
}

func TestPlanRefusesEntryPointThatIsNotThere(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	none := "entry point " + filepath.Join(a.Dir, "none")
	for name, want := range map[string]string{
		"none.wsgi": none + ".wsgi: there is no such file; for a module, add --application-type module",
		"none.py":   none + ".py: there is no such file",
	} {
		if _, err := a.try([]string{name}); err == nil || err.Error() != want {
			t.Errorf("%s: error %v, want %s", name, err, want)
		}
	}
}

func TestPlanSaysHowToMakeABrokenVirtualenvAnew(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	broken := filepath.Join(a.Dir, "broken")
	if err := os.MkdirAll(filepath.Join(broken, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/usr/bin/python9", filepath.Join(broken, "bin/python")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(broken, "pyvenv.cfg"), []byte("home = /usr/bin\nversion = 3.11.2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	want := "points to /usr/bin/python9, which is gone; recreate it (python3 -m venv --clear " + broken + "), and install its packages"
	if _, err := a.try([]string{"--venv", broken, "hello.wsgi"}); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %s", err, want)
	}
}

// TestPlanRefusesServerRootOfOthers: whoever can write to it runs code as us.
func TestPlanRefusesServerRootOfOthers(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	elsewhere := filepath.Join(a.Dir, "elsewhere")
	if err := os.Mkdir(elsewhere, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		make func(root string) error
		want string
	}{
		{"a link", func(root string) error { return os.Symlink(elsewhere, root) }, "it is a link"},
		{"a file", func(root string) error { return os.WriteFile(root, nil, 0o600) }, "it is not a folder"},
		{"open to all", func(root string) error {
			if err := os.Mkdir(root, 0o755); err != nil {
				return err
			}
			return os.Chmod(root, 0o777)
		}, "anybody can write to it (mode 0777); close it with chmod go-w"},
		{"open to a group", func(root string) error {
			return errors.Join(os.Mkdir(root, 0o755), os.Chown(root, -1, 12345), os.Chmod(root, 0o775))
		}, "members of group 12345"},
		{"open to the group of the account", func(root string) error {
			return errors.Join(os.Mkdir(root, 0o755), os.Chown(root, -1, os.Getuid()), os.Chmod(root, 0o775))
		}, ""},
		{"of someone else", func(root string) error {
			if err := os.Mkdir(root, 0o755); err != nil {
				return err
			}
			return os.Chown(root, 12345, 12345)
		}, "belongs to user 12345"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if (test.name == "of someone else" || strings.Contains(test.name, "group")) && os.Getuid() != 0 {
				needtest.Root(t)
			}
			root := filepath.Join(a.Dir, strings.ReplaceAll(test.name, " ", "-"))
			if err := test.make(root); err != nil {
				t.Fatal(err)
			}
			_, err := a.try([]string{"--server-root", root, "hello.wsgi"})
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error %v, want %q in it", err, test.want)
			}
		})
	}
}

// TestPlanRefusesServerRootInFoldersOfOthers: they could put another in its
// place.
func TestPlanRefusesServerRootInFoldersOfOthers(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	for _, test := range []struct {
		name  string
		mode  os.FileMode
		owner int
		want  string
	}{
		{"all may write", 0o777, os.Getuid(), "anybody can write to it (mode 0777), so that another one can be put in its place"},
		{"all may write, only owners remove", 0o777 | os.ModeSticky, os.Getuid(), ""},
		{"someone else's", 0o755, 12345, "belongs to user 12345, so that another one can be put in its place"},
		{"my group's", 0o775, os.Getuid(), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.owner != os.Getuid() && os.Getuid() != 0 {
				needtest.Root(t)
			}
			dir := filepath.Join(a.Dir, strings.NewReplacer(" ", "-", ",", "", "'", "").Replace(test.name))
			if err := errors.Join(os.Mkdir(dir, 0o755), os.Chmod(dir, test.mode), os.Chown(dir, test.owner, -1)); err != nil {
				t.Fatal(err)
			}
			_, err := a.try([]string{"--server-root", filepath.Join(dir, "deeper", "root"), "hello.wsgi"})
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error %v, want %q in it", err, test.want)
			}
		})
	}
}

// TestPlanRefusesServerRootBehindALinkOfOthers: they could lead it elsewhere
// later, and the folder where it is does not show it.
func TestPlanRefusesServerRootBehindALinkOfOthers(t *testing.T) {
	t.Parallel()
	needtest.Root(t)
	a := newApplication(t, "6.1.1")
	open, mine := filepath.Join(a.Dir, "open"), filepath.Join(a.Dir, "mine")
	for name, owner := range map[string]int{"own": 0, "others": 12345} {
		link := filepath.Join(open, name)
		if err := errors.Join(os.MkdirAll(mine, 0o755), os.MkdirAll(open, 0o755), os.Chmod(open, 0o777|os.ModeSticky),
			os.Symlink(mine, link), os.Lchown(link, owner, owner)); err != nil {
			t.Fatal(err)
		}
		_, err := a.try([]string{"--server-root", filepath.Join(link, "root"), "hello.wsgi"})
		if refused := err != nil && strings.Contains(err.Error(), link+": it belongs to user 12345"); refused != (owner != 0) {
			t.Errorf("a link of user %d on the way: error %v", owner, err)
		}
	}
}

// TestWriteRefusesRootThatSomeoneMadeMeanwhile before anything is put there.
func TestWriteRefusesRootThatSomeoneMadeMeanwhile(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	setup := a.plan(t, nil)
	elsewhere := filepath.Join(a.Dir, "elsewhere")
	if err := errors.Join(os.Mkdir(elsewhere, 0o755), os.Symlink(elsewhere, a.Root)); err != nil {
		t.Fatal(err)
	}
	if err := setup.Write(t.Context()); err == nil || !strings.Contains(err.Error(), "it is a link") {
		t.Errorf("error %v", err)
	}
	if inside, err := os.ReadDir(elsewhere); err != nil || len(inside) > 0 {
		t.Errorf("written there: %v, %v", inside, err)
	}
}

// TestKeepsSecretsInFilesOfTheOwner: arguments may hold passwords and keys.
func TestKeepsSecretsInFilesOfTheOwner(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	setup := a.plan(t, []string{"--setenv", "TOKEN", "pa55word", "--proxy-mount-point", "/api", "http://ada:pa55word@127.0.0.1:1", "--systemd-unit", "--enable-recorder"})
	held := 0
	for _, file := range setup.Files {
		if !strings.Contains(file.Text, "pa55word") {
			continue
		}
		held++
		if file.Mode&0o077 != 0 {
			t.Errorf("%s (mode %o) shows a secret", file.Path, file.Mode)
		}
		for line := range strings.Lines(file.Text) {
			if strings.HasPrefix(strings.TrimSpace(line), "#") && strings.Contains(line, "pa55word") {
				t.Errorf("%s: a comment shows a secret: %s", file.Path, line)
			}
		}
	}
	if held == 0 {
		t.Error("no file holds what was asked for")
	}
	var printed strings.Builder
	if err := setup.Print(&printed); err != nil {
		t.Fatal(err)
	}
	if said := printed.String() + strings.Join(setup.Notes, "\n"); strings.Contains(said, "pa55word") {
		t.Errorf("a secret is printed:\n%s", said)
	}
}

func TestPlanRefusesRootWithoutUser(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	for _, test := range []struct{ args, want string }{
		{"", "start-server … --user"},
		{"--user root", "no application runs as root"},
		{"--user nosuchuser", "--user nosuchuser"},
		{"--user nobody --group nosuchgroup", "--group nosuchgroup"},
	} {
		command, err := express.Parse(append(strings.Fields(test.args), "--venv", a.Venv, "--server-root", a.Root), os.LookupEnv)
		if err != nil {
			t.Fatal(err)
		}
		_, err = express.Plan(context.Background(), command, express.Caller{Dir: a.Dir, UID: 0, Lookup: a.lookup, Verb: "start-server"})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: error %v, want %q in it", test.args, err, test.want)
		}
	}
}

// TestPlanRefusesWhatTheUserCannotRead: daemon processes would end and start
// again for ever.
func TestPlanRefusesWhatTheUserCannotRead(t *testing.T) {
	t.Parallel()
	needtest.Root(t)
	for _, test := range []struct {
		what  string
		close func(a *application) string
	}{
		{"working directory", func(a *application) string { return a.Dir }},
		{"virtualenv", func(a *application) string { return a.Venv }},
		{"mod_wsgi", func(a *application) string {
			modules, _ := filepath.Glob(filepath.Join(a.Venv, "lib", "*", "site-packages", "mod_wsgi", "server"))
			return modules[0]
		}},
	} {
		t.Run(test.what, func(t *testing.T) {
			t.Parallel()
			a := newApplication(t, "6.1.1")
			closed := test.close(a)
			if err := os.Chmod(closed, 0o700); err != nil {
				t.Fatal(err)
			}
			_, err := a.try([]string{"hello.wsgi"})
			if err == nil || !strings.Contains(err.Error(), test.what+": user nobody cannot read") || !strings.Contains(err.Error(), "chmod o+x "+closed) {
				t.Errorf("error %v", err)
			}
		})
	}
	t.Run("base Python", func(t *testing.T) {
		t.Parallel()
		a := newApplication(t, "6.1.1")
		closed := closePython(t, a)
		_, err := a.try([]string{"hello.wsgi"})
		if err == nil || !strings.Contains(err.Error(), "Python's standard library: user nobody cannot read") || !strings.Contains(err.Error(), "chmod o+x "+closed) {
			t.Errorf("error %v", err)
		}
	})
}

// closePython gives the virtualenv a base Python in a folder that is closed to
// others, as pyenv's in the home of root is.
func closePython(t *testing.T, a *application) string {
	t.Helper()
	interpreter, series := python(t)
	closed := filepath.Join(filepath.Dir(a.Dir), "closed")
	stdlib := strings.TrimSpace(run(t, interpreter, "-c", "import os; print(os.path.dirname(os.__file__))"))
	program, err := filepath.EvalSymlinks(interpreter)
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(a.Venv, "bin", "python")
	if err := errors.Join(
		os.MkdirAll(filepath.Join(closed, "bin"), 0o755), os.Mkdir(filepath.Join(closed, "lib"), 0o755),
		os.WriteFile(filepath.Join(closed, "bin", "python3"), content, 0o755),
		os.Symlink(stdlib, filepath.Join(closed, "lib", "python"+series)),
		os.Remove(link), os.Symlink(filepath.Join(closed, "bin", "python3"), link),
		os.WriteFile(filepath.Join(a.Venv, "pyvenv.cfg"), []byte("home = "+filepath.Join(closed, "bin")+"\nversion = "+series+".0\n"), 0o644),
		os.Chmod(closed, 0o700),
	); err != nil {
		t.Fatal(err)
	}
	return closed
}

func TestPlanRefusesPortInUse(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	port := strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
	command, err := express.Parse(append(a.account(), "--venv", a.Venv, "--server-root", a.Root, "--host", "127.0.0.1", "--port", port, "hello.wsgi"), os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	caller := express.Caller{Dir: a.Dir, UID: os.Getuid(), Lookup: a.lookup, Verb: "start-server"}
	if _, err = express.Plan(context.Background(), command, caller); err == nil || !strings.Contains(err.Error(), "port "+port+": another server listens there") {
		t.Errorf("error %v", err)
	}
	caller.Verb = "setup-server" // an installed server may be set up anew while it runs
	if _, err = express.Plan(context.Background(), command, caller); err != nil {
		t.Errorf("setup-server: %v", err)
	}
}
