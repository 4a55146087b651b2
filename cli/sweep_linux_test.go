package cli

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/trust"
)

// A sweepRow is one command as root runs it on what belongs to another account.
type sweepRow struct {
	args  []string
	exits int
	reads []string // patterns, below that account's home, of what root may read there as data: never as settings
	why   string   // it may read or write these

	writes []string // likewise
}

// settingsNames are files that decide something: root reads none of another
// account's, whatever a row says.
var settingsNames = []string{"pip.conf", "uv.toml", "pyproject.toml", ".netrc", "_netrc", "wsgictl.toml", ".pypirc", "uv.lock"}

// virtualenvFacts is what is read of a virtualenv that is somebody else's: it
// names a Python, which root then looks at itself.
var virtualenvFacts = []string{"venv/pyvenv.cfg", "venv/lib/*/site-packages/*.dist-info/*", "venv/lib/*/site-packages/mod_wsgi/server/*.so", "venv/bin/mod_wsgi-express", "venv/bin/activate*"}

// sweepRows has a row for every command, in the order in which they build on
// each other.
func sweepRows(s *sweptHost) map[string]sweepRow {
	ofProject := append([]string{"project/*"}, virtualenvFacts...)
	return map[string]sweepRow{
		"detect":           {args: s.words("--venv $H/venv"), reads: virtualenvFacts, why: "they say what the virtualenv is"},
		"install-module":   {args: s.words("--venv $H/venv --source $ARCHIVE"), reads: virtualenvFacts, why: "they say what the virtualenv is"},
		"module-config":    {args: s.words("--venv $H/venv"), reads: virtualenvFacts, why: "they say what the virtualenv is"},
		"module-location":  {args: s.words("--venv $H/venv"), reads: virtualenvFacts, why: "they say what the virtualenv is"},
		"render daemon":    {args: s.words("shop --venv $H/venv --mod-wsgi 6.1.1"), reads: virtualenvFacts, why: "they say what the virtualenv is"},
		"render site":      {args: s.words("shop --venv $H/venv --server-name www.example.org --script $H/project/wsgi.py --mod-wsgi 6.1.1"), reads: ofProject, why: "its framework is looked for"},
		"render limits":    {},
		"bootstrap":        {args: s.words("--file $R/boot.toml --source $ARCHIVE --yes $APACHE"), reads: ofProject, why: "its framework is looked for"},
		"init":             {args: s.words("--venv $H/venv --server-name www.example.org --script $H/project/wsgi.py --file $R/made.toml"), reads: ofProject, why: "its framework is looked for"},
		"plan":             {args: s.words("--file $R/boot.toml $APACHE"), reads: ofProject, why: "its framework is looked for"},
		"apply":            {args: s.words("--file $R/boot.toml --yes $APACHE"), reads: ofProject, why: "its framework is looked for"},
		"status":           {args: s.words("$APACHE"), reads: ofProject, why: "the declaration is compared with what was applied"},
		"history":          {args: s.words("$APACHE")},
		"remove":           {args: s.words("www --yes $APACHE"), reads: []string{"venv/pyvenv.cfg"}, why: "what the audit says before is told from what it says after"},
		"rollback":         {args: s.words("1 --yes $APACHE")},
		"effective":        {args: s.words("$H/conf/httpd.conf"), reads: []string{"conf/*"}, why: "it is what was asked about"},
		"audit":            {args: s.words("--fix $H/conf/httpd.conf"), exits: exitFindings, reads: []string{"conf/*", "project/*", "venv/pyvenv.cfg"}, writes: []string{"conf", "conf/*"}, why: "it is what was asked about, held open"},
		"explain":          {args: s.words("$H/error.log"), exits: exitFindings, reads: []string{"error.log"}, why: "it is what was asked about"},
		"rules":            {},
		"setup-server":     {args: s.words("--server-root $R/server --venv $H/venv --user games --group games --port $PORT wsgi.py"), reads: ofProject, why: "its application is looked for"},
		"start-server":     {args: s.words("--setup-only --server-root $R/started --venv $H/venv --user games --group games --port $PORT wsgi.py"), reads: ofProject, why: "its application is looked for"},
		"graceful-restart": {args: s.words("--pid-file $H/server/httpd.pid --httpd $H/bin/httpd"), exits: exitFindings, reads: []string{"server/*"}, why: "it is what was asked about"},
		"deploy":           {args: s.words("shop $H/code.tar --file $R/deploy.toml --config $R/apache2"), reads: []string{"code.tar"}, writes: []string{"deployed/*"}, why: "it is what is to be deployed, and the link that is switched in the folder that is held open"},
		"restart":          {args: s.words("--config $H/conf/httpd.conf"), exits: exitFindings, reads: []string{"conf/*"}, why: "it is what was asked about"},
		"ready-script":     {args: s.words("$H/project/wsgi.py")},
		"telemetry-script": {},
		"monitor":          {exits: exitUsage},
		"top":              {exits: exitFindings},
		"stuck":            {exits: exitFindings},
		"recordings":       {args: s.words("--directory $H/server/archive"), reads: []string{"server/archive/*"}, why: "it is what was asked about"},
		"completion":       {args: s.words("bash")},
		"version":          {},
	}
}

// TestRootGoesByNothingOfOthers runs each command as root in the folder of
// another account, over a virtualenv, a project, settings, programs and a
// configuration of that account, and holds each system call against the rule:
// root starts, loads, writes and takes as settings nothing that the account can
// change.
func TestRootGoesByNothingOfOthers(t *testing.T) {
	s := newSweptHost(t)
	rows := sweepRows(s)
	for _, command := range allCommands(t) {
		row, found := rows[command]
		if !found {
			t.Errorf("wsgictl %s has no row in this table: what may it read, as root, of what others own?", command)
			continue
		}
		t.Run(command, func(t *testing.T) {
			code, output, acts := s.trace(t, append(strings.Fields(command), row.args...))
			if code != row.exits {
				t.Errorf("exit code %d, want %d:\n%s", code, row.exits, output)
			}
			for _, act := range acts {
				if reason := s.judge(row, act); reason != "" {
					t.Errorf("%s: %s\n\t%.200s", reason, act.path, act.line)
				}
			}
			if t.Failed() {
				t.Log(output)
			}
		})
	}
}

// TestSweepSeesWhatRootDoes holds the sweep itself to account: what it is there
// to find is found.
func TestSweepSeesWhatRootDoes(t *testing.T) {
	s := newSweptHost(t)
	s.binary = "/bin/sh"
	library := s.home + "/conf/libloaded.so"
	if output, err := exec.Command("gcc", "-shared", "-o", library, "-x", "c", "/dev/null").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	for name, want := range map[string]string{
		"cat ../pip.conf":                      "reads settings",
		"cat ../.netrc":                        "reads settings",
		"cat ../error.log":                     "reads what no row",
		"../bin/gcc":                           "starts a program",
		"../venv/bin/python -c pass":           "starts a program",
		": > ../made":                          "writes where",
		"mv ../bin/uv ../moved":                "writes where",
		"LD_PRELOAD=" + library + " /bin/true": "loads code",
		"setpriv --reuid 5 --clear-groups cat /etc/passwd ../bin/gcc": "", // as the account itself
	} {
		_, output, acts := s.trace(t, []string{"-c", name})
		found := ""
		for _, act := range acts {
			found += s.judge(sweepRow{}, act) + "\n"
		}
		if want == "" && strings.TrimSpace(found) != "" || !strings.Contains(found, want) {
			t.Errorf("%s: found %q, want %q\n%s", name, found, want, output)
		}
	}
}

// allCommands are the command lines of kong's model, without their arguments.
func allCommands(t *testing.T) []string {
	t.Helper()
	parser, err := kong.New(&commandLine{Render: newRenderCommand()}, kong.ExplicitGroups(groups), pairFlags)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, leaf := range parser.Model.Leaves(false) {
		names = append(names, leaf.Path())
	}
	return names
}

// A sweptHost is a home folder of another account full of what root must not
// go by, and a folder of root's.
type sweptHost struct {
	home, roots string
	binary      string
	values      *strings.Replacer
	who         trust.Account
}

func (s *sweptHost) words(text string) []string { return strings.Fields(s.values.Replace(text)) }

func newSweptHost(t *testing.T) *sweptHost {
	t.Helper()
	needtest.Root(t)
	if _, err := exec.LookPath("strace"); err != nil {
		needtest.Missing(t, "%v", err)
	}
	httpdtest.Program(t)
	who, err := trust.LookupHost("games") // an account that every Debian has, and that does nothing
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("/tmp", "wsgictl-sweep-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := &sweptHost{home: filepath.Join(dir, "home"), roots: filepath.Join(dir, "root"), binary: filepath.Join(dir, "wsgictl"), who: who}
	s.build(t)
	s.layHome(t)
	instance := s.layApache(t)
	s.declare(t)
	s.values = strings.NewReplacer("$H", s.home, "$R", s.roots, "$ARCHIVE", httpdtest.Archive(t, "6.1.1").Path,
		"$PORT", fmt.Sprint(httpdtest.FreePort(t)), "$APACHE", instance)
	return s
}

func (s *sweptHost) build(t *testing.T) {
	t.Helper()
	for _, folder := range []string{filepath.Dir(s.home), s.home, s.roots, s.roots + "/var"} {
		_ = os.MkdirAll(folder, 0o755)
		if err := os.Chmod(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if output, err := exec.Command("go", "build", "-o", s.binary, "github.com/wsgictl/wsgictl/cmd/wsgictl").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
}

// layHome lays traps: each program tells on itself by being started, each file
// of settings by being read.
func (s *sweptHost) layHome(t *testing.T) {
	t.Helper()
	const index = "http://127.0.0.1:9/simple" // where nobody listens
	files := map[string]string{
		"project/wsgi.py":        "def application(environ, start_response):\n    start_response('200 OK', [])\n    return [b'hello']\n",
		"project/pyproject.toml": "[tool.uv]\nindex-url = \"" + index + "\"\n",
		"project/uv.toml":        "index-url = \"" + index + "\"\n",
		"project/wsgictl.toml":   "[audit]\nexit-zero = true\n",
		"pip.conf":               "[global]\nindex-url = " + index + "\n",
		".netrc":                 "machine 127.0.0.1 login her password secret\n",
		"venv/pip.conf":          "[global]\nno-index = true\nfind-links = " + s.home + "\n",
		"conf/httpd.conf":        "ServerRoot " + s.home + "\nLoadModule wsgi_module " + s.home + "/conf/mod_wsgi.so\nInclude " + s.home + "/conf/site.conf\n",
		"conf/site.conf":         "WSGIScriptAlias / " + s.home + "/project/wsgi.py\n",
		"conf/mod_wsgi.so":       "not a module",
		"error.log":              "[Mon Nov 30 10:00:00 2026] [error] mod_wsgi (pid=1): Target WSGI script '/srv/wsgi.py' cannot be loaded as Python module.\n",
		"server/httpd.pid":       "1\n",
		"server/httpd.conf":      "ServerRoot " + s.home + "/server\n",
		"server/archive/x":       "",
	}
	if output, err := exec.Command(httpdtest.Python, "-m", "venv", "--without-pip", s.home+"/venv").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	for name, text := range files {
		s.write(t, name, text, 0o644)
	}
	for _, folder := range []string{"bin", "venv/bin"} {
		for _, program := range []string{"keyring", "gcc", "cc", "apxs", "apxs2", "httpd", "apache2", "uv", "pip", "ldd", "locale"} {
			s.write(t, folder+"/"+program, "#!/bin/sh\nid -u >> "+s.home+"/started\nexit 1\n", 0o755)
		}
	}
	if output, err := exec.Command("chown", "-R", fmt.Sprintf("%d:%d", s.who.UID, s.who.Groups[0]), s.home).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
}

func (s *sweptHost) write(t *testing.T, name, text string, mode os.FileMode) {
	t.Helper()
	path := filepath.Join(s.home, name)
	_ = os.MkdirAll(filepath.Dir(path), 0o755)
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// declare writes what root serves for the account, in a folder of root's.
func (s *sweptHost) declare(t *testing.T) {
	t.Helper()
	text := fmt.Sprintf("venv = %q\n[daemon.www]\nuser = \"games\"\nhome = %q\n[site.www]\nserver-name = \"www.example.org\"\nport = %d\nscript = %q\n",
		s.home+"/venv", s.home+"/project", httpdtest.FreePort(t), s.home+"/project/wsgi.py")
	deployed := fmt.Sprintf("[daemon.shop]\nuser = \"games\"\nprocesses = 2\n[site.shop]\nserver-name = \"shop.example.org\"\nscript = \"wsgi.py\"\n[site.shop.deploy]\nfolder = %q\n", s.home+"/deployed")
	for name, text := range map[string]string{"boot.toml": text, "deploy.toml": deployed} {
		if err := os.WriteFile(filepath.Join(s.roots, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if output, err := exec.Command("runuser", "-u", "games", "--", "sh", "-c", "mkdir $0/deployed && tar -C $0/project -cf $0/code.tar .", s.home).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
}

// layApache copies the configuration of the machine's Apache to an instance of
// its own, and gives the options that name it.
func (s *sweptHost) layApache(t *testing.T) (options string) {
	t.Helper()
	httpdtest.ShareSystem(t) // which is copied
	root := filepath.Join(s.roots, "apache2")
	for from, to := range map[string]string{"/etc/apache2": root, "/var/lib/apache2": filepath.Join(s.roots, "state")} {
		if output, err := exec.Command("cp", "-a", from, to).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, output)
		}
	}
	var envvars bytes.Buffer
	for name, value := range map[string]string{
		"RUN_USER": "www-data", "RUN_GROUP": "www-data", "PID_FILE": root + "/run/apache2.pid", "RUN_DIR": root + "/run",
		"LOCK_DIR": root + "/lock", "LOG_DIR": root + "/log", "STATE_DIRECTORY": s.roots + "/state",
	} {
		fmt.Fprintf(&envvars, "export APACHE_%s=%s\n", name, value)
	}
	for _, folder := range []string{"run", "lock", "log"} {
		_ = os.Mkdir(filepath.Join(root, folder), 0o755)
	}
	for name, text := range map[string]string{"envvars": envvars.String(), "ports.conf": fmt.Sprintf("Listen 127.0.0.1:%d\n", httpdtest.FreePort(t))} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// It is started here, for a trace does not end before the last process that is traced.
	start := exec.Command("/usr/sbin/apache2ctl", "-d", root, "-f", root+"/apache2.conf", "-k", "start")
	start.Env = append(os.Environ(), "APACHE_CONFDIR="+root)
	if output, err := start.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	t.Cleanup(func() {
		s.stopApache(root)
		// this Apache does not see what the commands see as /var/lib/wsgictl, and makes its folder anew
		if left, err := filepath.Glob("/var/lib/wsgictl/*" + filepath.Base(filepath.Dir(s.roots)) + "*.spool"); err == nil {
			for _, folder := range left {
				_ = os.RemoveAll(folder)
			}
		}
		_ = os.Remove("/var/lib/wsgictl") // only where it is empty
	})
	return "--server-root " + root + " --httpd /usr/sbin/apache2"
}

func (s *sweptHost) stopApache(root string) {
	text, err := os.ReadFile(filepath.Join(root, "run/apache2.pid"))
	if err != nil {
		return
	}
	var pid int
	if _, err := fmt.Sscan(string(text), &pid); err == nil && pid > 1 {
		_ = syscall.Kill(pid, syscall.SIGTERM)
		for end := time.Now().Add(10 * time.Second); syscall.Kill(pid, 0) == nil && time.Now().Before(end); {
			time.Sleep(20 * time.Millisecond)
		}
	}
}

const traced = "chdir,execve,execveat,open,openat,openat2,creat,mmap,clone,clone3,fork,vfork,setuid,setreuid,setresuid," +
	"rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,chmod,fchmodat,chown,lchown,fchownat,truncate,mknod,mknodat,setxattr,lsetxattr,utimensat,bind"

// trace runs one command line where the account's files lie, with its programs
// first on PATH.
func (s *sweptHost) trace(t *testing.T, args []string) (code int, output string, acts []act) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "trace")
	script := `mkdir -p /var/lib/wsgictl && mount --bind "$0" /var/lib/wsgictl && exec "$@"`
	command := exec.Command("sh", append([]string{"-c", script, s.roots + "/var", "strace", "-f", "-y", "-s", "256", "-e", "signal=none", "-e", "trace=" + traced, "-o", file, s.binary}, args...)...)
	command.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS} // nothing is left on this machine
	command.Dir = filepath.Join(s.home, "project")
	command.Env = []string{"PATH=" + s.home + "/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=" + s.home, "LC_ALL=C"}
	command.WaitDelay = time.Second // an Apache that was started keeps the streams
	text, err := command.CombinedOutput()
	if command.ProcessState == nil {
		t.Fatal(err)
	}
	trace, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer trace.Close()
	return command.ProcessState.ExitCode(), string(text), readTrace(trace, command.Dir)
}

// judge says what is wrong with an act; empty when nothing is.
func (s *sweptHost) judge(row sweepRow, a act) string {
	below, err := filepath.Rel(s.home, a.path)
	if err != nil || strings.HasPrefix(below, "..") {
		return ""
	}
	switch {
	case a.kind == "start":
		return "root starts a program of " + s.who.String()
	case a.kind == "load":
		return "root loads code of " + s.who.String()
	case a.kind == "write" && !matches(row.writes, below):
		return "root writes where " + s.who.String() + " can lead it elsewhere"
	case isFolder(a.path): // names alone
		return ""
	case slices.Contains(settingsNames, filepath.Base(below)):
		return "root reads settings of " + s.who.String()
	}
	if a.kind == "write" || matches(row.reads, below) {
		return ""
	}
	return "root reads what no row lets it read of " + s.who.String()
}

func matches(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		matched, _ := filepath.Match(pattern, path)
		return matched
	})
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
