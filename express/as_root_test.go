//go:build linux

package express_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// hers writes what options name into the folder of alice.
func hers(t *testing.T, a *application) {
	t.Helper()
	run(t, "cp", httpdtest.Program(t), filepath.Join(a.Dir, "httpd"))
	for _, name := range []string{"rotatelogs", "gdb", "sh"} {
		if err := os.Chmod(a.write(t, name, "#!/bin/sh\nexec /bin/sh \"$@\"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	a.write(t, "folder/wsgi.py", "")
	own(t, aliceUID, a.Dir)
}

// usedBy tells for each option that names a file, a folder or a program who uses
// it when root starts the server: what Apache or its control script use as root
// is refused when alice can change it, what her own processes use is hers.
var usedBy = map[string]struct {
	args string
	root bool
}{
	"entry-point":        {"--entry-point $APP/hello.wsgi", false},
	"working-directory":  {"--working-directory $APP", false},
	"document-root":      {"--document-root $APP/folder", false},
	"url-alias":          {"--url-alias /static $APP/folder", false},
	"telemetry-service":  {"--telemetry-service unix:$APP/socket", false},
	"host-access-script": {"--host-access-script $APP/access.wsgi", false},
	"auth-user-script":   {"--auth-user-script $APP/access.wsgi", false},
	"auth-group-script":  {"--auth-user-script $APP/access.wsgi --auth-group-script $APP/access.wsgi", false},
	"venv":               {"", false},
	"python-path":        {"--python-path $APP/folder", false},
	"python-eggs":        {"--python-eggs $APP/folder", false},
	"add-handler":        {"--add-handler .odd $APP/other.wsgi", false},
	"service-script":     {"--service-script tick $APP/service.py", false},
	"coverage-directory": {"--enable-coverage --coverage-directory $APP/folder", false},
	"profiler-directory": {"--enable-profiler --profiler-directory $APP/folder", false},
	"recorder-directory": {"--enable-recorder --recorder-directory $APP/folder", false},

	"ssl-certificate":            {"--https-port 8443 --ssl-certificate $APP/site", true},
	"ssl-certificate-file":       {"--https-port 8443 --ssl-certificate-file $APP/site.crt --ssl-certificate-key-file $MINE/site.key", true},
	"ssl-certificate-key-file":   {"--https-port 8443 --ssl-certificate-file $MINE/site.crt --ssl-certificate-key-file $APP/site.key", true},
	"ssl-certificate-chain-file": {"--https-port 8443 --ssl-certificate $MINE/site --ssl-certificate-chain-file $APP/site.crt", true},
	"ssl-ca-certificate-file":    {"--https-port 8443 --ssl-certificate $MINE/site --ssl-ca-certificate-file $APP/site.crt", true},
	"mime-types":                 {"--mime-types $APP/rules.conf", true},
	"rewrite-rules":              {"--rewrite-rules $APP/rules.conf", true},
	"include-file":               {"--include-file $APP/more.conf", true},
	"envvars-script":             {"--envvars-script $APP/rules.conf", true},
	"server-root":                {"--server-root $APP/root", true},
	"pid-file":                   {"--pid-file $APP/httpd.pid", true},
	"socket-prefix":              {"--socket-prefix $APP", true},
	"log-directory":              {"--log-directory $APP/folder", true},
	"error-log-name":             {"--error-log-name $APP/log", true},
	"access-log-name":            {"--access-log --access-log-name $APP/log", true},
	"startup-log-name":           {"--startup-log --startup-log-name $APP/log", true},
	"service-log-file":           {"--service-script tick $APP/service.py --service-log-file tick $APP/log", true},
	"rotatelogs-executable":      {"--rotate-logs --rotatelogs-executable $APP/rotatelogs", true},
	"httpd-executable":           {"--httpd-executable $APP/httpd", true},
	"modules-directory":          {"--modules-directory $APP/modules", true},
	"shell-executable":           {"--shell-executable $APP/sh", true},
	"gdb-executable":             {"--enable-gdb --gdb-executable $APP/gdb", true},
}

// TestRootUsesWhatNobodyElseCanChange goes through the whole table of options.
func TestRootUsesWhatNobodyElseCanChange(t *testing.T) {
	t.Parallel()
	a := newApplicationOfAlice(t, "6.1.1")
	hers(t, a)
	mine := filepath.Join(filepath.Dir(a.Dir), "mine")
	run(t, "cp", "-r", a.Dir, mine)
	own(t, 0, mine)
	for _, row := range express.Table() {
		named := strings.ContainsAny(strings.Join(row.Values, " "), "/") ||
			strings.Contains(strings.Join(row.Values, " "), "FILE") || strings.Contains(strings.Join(row.Values, " "), "DIR") || row.Name == "ssl-certificate"
		by, known := usedBy[row.Name]
		if named != known && !row.Hidden && row.Name != "trust-proxy" {
			t.Errorf("--%s: want a row that says who uses it", row.Name)
		}
		if !known {
			continue
		}
		if by.root != row.AsRoot {
			t.Errorf("--%s: the table says that root uses it: %v, want %v", row.Name, row.AsRoot, by.root)
		}
		t.Run(row.Name, func(t *testing.T) {
			args := strings.Fields(strings.NewReplacer("$APP", a.Dir, "$MINE", mine).Replace(by.args))
			_, err := a.try(append([]string{filepath.Join(a.Dir, "hello.wsgi")}, args...))
			if !by.root && err != nil {
				t.Error(err)
			}
			if by.root && (err == nil || !strings.Contains(err.Error(), "it belongs to "+alice)) {
				t.Errorf("error %v", err)
			}
			if by.root && err != nil && row.Name != "server-root" && !strings.Contains(err.Error(), "--trust "+alice) {
				t.Errorf("no way out is told: %v", err)
			}
			if by.root && row.Name != "server-root" && row.Name != "gdb-executable" { // her virtualenv is in the way of both
				setup, err := a.try(append([]string{filepath.Join(a.Dir, "hello.wsgi")}, strings.Fields(strings.NewReplacer("$APP", mine, "$MINE", mine).Replace(by.args))...))
				if err != nil {
					t.Errorf("the same of root's own: %v", err)
				} else if notes := strings.Join(setup.Notes, ""); strings.Count(notes, alice) > 1 {
					t.Errorf("notes %s", notes)
				}
			}
		})
	}
}

// TestRootIncludesWhatNobodyElseCanChange, also by patterns and folders, of which
// Apache reads all that fits when it starts.
func TestRootIncludesWhatNobodyElseCanChange(t *testing.T) {
	t.Parallel()
	a := newApplicationOfAlice(t, "6.1.1")
	mine := filepath.Join(filepath.Dir(a.Dir), "mine")
	for _, path := range []string{"plain/one.conf", "mixed/one.conf", "mixed/two.conf", "deep/her/one.conf", "deep/my/one.conf", "tree/a/b.conf"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(mine, path)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(mine, path), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"mixed/two.conf", "deep/her", "tree/a/b.conf"} {
		if err := os.Lchown(filepath.Join(mine, path), aliceUID, aliceUID); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(a.Dir, filepath.Join(mine, "link")); err != nil {
		t.Fatal(err)
	}
	for path, refused := range map[string]bool{
		"plain/*.conf": false, "plain": false, "mixed/one.conf": false, "deep/my/*.conf": false, "none/*.conf": false,
		"mixed/*.conf": true, "mixed/[x-z]*.conf": false, "deep/*/*.conf": true, "deep/*/none.conf": true, "tree": true, "tre?": true, "link/*.conf": true,
	} {
		for _, option := range []string{"--include-file", "--rewrite-rules"} {
			_, err := a.try([]string{filepath.Join(a.Dir, "hello.wsgi"), option, filepath.Join(mine, path)})
			if got := err != nil && strings.Contains(err.Error(), "it belongs to "+alice); got != refused || err != nil && !refused {
				t.Errorf("%s %s: %v, want it refused: %v", option, path, err, refused)
			}
		}
	}
}

// TestRootMakesNoFolderForOthers: they could lead elsewhere what root makes and
// gives away.
func TestRootMakesNoFolderForOthers(t *testing.T) {
	t.Parallel()
	a := newApplicationOfAlice(t, "6.1.1")
	for _, args := range []string{"--python-eggs $APP/eggs", "--enable-recorder --recorder-directory $APP/kept", "--document-root $APP --mount-point /shop"} {
		_, err := a.try(append([]string{"hello.wsgi"}, strings.Fields(a.expand(args))...))
		if err == nil || !strings.Contains(err.Error(), "it belongs to "+alice) || !strings.Contains(err.Error(), "make it yourself first") {
			t.Errorf("%s: error %v", args, err)
		}
		if _, err := a.try(append([]string{"hello.wsgi", "--trust", alice}, strings.Fields(a.expand(args))...)); err != nil {
			t.Errorf("%s: %v", args, err)
		}
	}
}

// TestRootDebugsNothingOfOthers, and compiles in no folder of theirs.
func TestRootDebugsNothingOfOthers(t *testing.T) {
	t.Parallel()
	a := newApplicationOfAlice(t, "6.1.1")
	if _, err := a.try([]string{"--enable-gdb", "hello.wsgi"}); err == nil || !strings.Contains(err.Error(), "what it holds is debugged by root") {
		t.Errorf("error %v", err)
	}
	library := filepath.Join(a.Root, "python", "wsgictl_express")
	if err := os.MkdirAll(library, 0o755); err != nil {
		t.Fatal(err)
	}
	own(t, aliceUID, library)
	if _, err := a.try([]string{"hello.wsgi"}); err == nil || !strings.Contains(err.Error(), library+": it belongs to "+alice) {
		t.Errorf("error %v", err)
	}
}

// TestRootReadsRegularFilesOfOthers, and waits for no FIFO of theirs.
func TestRootReadsRegularFilesOfOthers(t *testing.T) {
	t.Parallel()
	a := newApplicationOfAlice(t, "6.1.1")
	for _, name := range []string{"manage.py", "production.ini"} {
		path := filepath.Join(a.Dir, name)
		if err := syscall.Mkfifo(path, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/dev/zero", filepath.Join(a.Dir, "development.ini")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"other.wsgi", "access.wsgi", "hello.wsgi"} {
		if err := os.Remove(filepath.Join(a.Dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	own(t, aliceUID, a.Dir)
	setup, err := a.try(nil)
	if err != nil {
		t.Fatal(err)
	}
	if notes := strings.Join(setup.Notes, "\n"); !strings.Contains(notes, "Found no application") {
		t.Errorf("notes: %s", notes)
	}
}

// TestWriteLooksAgain at what was not there when all was checked.
func TestWriteLooksAgain(t *testing.T) {
	t.Parallel()
	a := newApplicationOfAlice(t, "6.1.1")
	open := filepath.Join(filepath.Dir(a.Dir), "open")
	if err := os.Mkdir(open, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o777|os.ModeSticky); err != nil {
		t.Fatal(err)
	}
	logs := filepath.Join(open, "logs")
	setup := a.plan(t, []string{"--log-directory", logs})
	if err := os.Mkdir(logs, 0o755); err != nil {
		t.Fatal(err)
	}
	own(t, aliceUID, logs)
	if err := setup.Write(t.Context()); err == nil || !strings.Contains(err.Error(), logs+": it belongs to "+alice) {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(filepath.Join(a.Root, "httpd.conf")); err == nil {
		t.Error("httpd.conf was written all the same")
	}
}

// TestNobodyIsToldToCloseTmp, which is for all: only another place helps.
func TestNobodyIsToldToCloseTmp(t *testing.T) {
	t.Parallel()
	a := newApplicationOfAlice(t, "6.1.1")
	shared := filepath.Join(filepath.Dir(a.Dir), "shared")
	if err := os.Mkdir(shared, 0o755); err != nil {
		t.Fatal(err)
	}
	for mode, advice := range map[os.FileMode]bool{0o777: true, 0o777 | os.ModeSticky: false} {
		if err := os.Chmod(shared, mode); err != nil {
			t.Fatal(err)
		}
		_, err := a.try([]string{filepath.Join(a.Dir, "hello.wsgi"), "--include-file", shared + "/*.conf"})
		if err == nil || strings.Contains(err.Error(), "chmod go-w") != advice || !strings.Contains(err.Error(), "name another") {
			t.Errorf("%v: error %v", mode, err)
		}
	}
}
