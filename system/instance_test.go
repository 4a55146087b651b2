package system

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/templates"
)

// An instance is a Debian Apache of its own, made from a copy of /etc/apache2
// as Debian's README tells for several instances, on a free port.
type instance struct {
	Manager
	t    testing.TB
	root string // server root
	apps string // folder of applications
	host detect.Host
	port int

	moduleFile     string // of mod_wsgi, where it is not to be built
	brokenByOthers bool   // somebody else's file is wrong, and the audit finds that too
}

const debianRoot = "/etc/apache2"

// newInstance copies the system's configuration and starts it.
func newInstance(t testing.TB) *instance {
	t.Helper()
	i := newStoppedInstance(t, "event")
	i.start()
	return i
}

// endWhatIsLeft ends the daemon processes of an Apache that was killed: they do not
// notice that, and one that starts while others are ended is found by the next look.
func endWhatIsLeft(t testing.TB, dir string) {
	for {
		left := processesOf(dir)
		for _, pid := range left {
			t.Logf("process %d is left", pid)
			syscall.Kill(pid, syscall.SIGKILL)
		}
		if len(left) == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// processesOf are those that know a folder by their command line or, since the title of a
// daemon process group takes the place of that, by their environment.
func processesOf(dir string) []int {
	folders, _ := filepath.Glob("/proc/[0-9]*")
	var found []int
	for _, folder := range folders {
		line, _ := os.ReadFile(folder + "/cmdline")
		environ, _ := os.ReadFile(folder + "/environ")
		knows := strings.Contains(string(line), dir+"/") || strings.Contains(string(environ), dir+"/")
		if pid, err := strconv.Atoi(filepath.Base(folder)); err == nil && knows && pid != os.Getpid() {
			found = append(found, pid)
		}
	}
	return found
}

// newStoppedInstance copies the system's configuration, with that MPM.
func newStoppedInstance(t testing.TB, mpm string) *instance {
	t.Helper()
	httpdtest.Program(t)
	needtest.Root(t)
	if !isFile(filepath.Join(debianRoot, "apache2.conf")) {
		needtest.Missing(t, "there is no Apache of Debian's in %s", debianRoot)
	}
	httpdtest.ShareSystem(t) // which is copied
	dir, err := os.MkdirTemp("", "wsgictl-system-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { endWhatIsLeft(t, dir) })
	t.Cleanup(func() { os.RemoveAll(dir) })
	os.Chmod(dir, 0o755)
	i := &instance{t: t, root: filepath.Join(dir, "apache2"), apps: filepath.Join(dir, "apps"), port: httpdtest.FreePort(t)}
	i.copyTree(debianRoot, i.root)
	i.copyTree("/var/lib/apache2", filepath.Join(i.root, "state"))
	for _, folder := range []string{"run", "lock", "log"} {
		os.Mkdir(filepath.Join(i.root, folder), 0o755)
	}
	i.write("ports.conf", fmt.Sprintf("Listen 127.0.0.1:%d\n", i.port))
	i.write("envvars", i.envvars())
	i.useMPM(mpm)
	i.Manager = i.manager(filepath.Join(dir, "store"), nil)
	return i
}

// useMPM enables one MPM, and no other.
func (i *instance) useMPM(mpm string) {
	i.t.Helper()
	enabled, err := filepath.Glob(filepath.Join(i.root, "mods-enabled/mpm_*"))
	if err != nil {
		i.t.Fatal(err)
	}
	for _, link := range enabled {
		os.Remove(link)
	}
	for _, file := range []string{"mpm_" + mpm + ".load", "mpm_" + mpm + ".conf"} {
		if err := os.Symlink("../mods-available/"+file, filepath.Join(i.root, "mods-enabled", file)); err != nil {
			i.t.Fatal(err)
		}
	}
}

func (i *instance) envvars() string {
	var text strings.Builder
	for name, value := range map[string]string{
		"APACHE_RUN_USER": "www-data", "APACHE_RUN_GROUP": "www-data", "APACHE_PID_FILE": i.root + "/run/apache2.pid",
		"APACHE_RUN_DIR": i.root + "/run", "APACHE_LOCK_DIR": i.root + "/lock", "APACHE_LOG_DIR": i.root + "/log",
		"APACHE_STATE_DIRECTORY": i.root + "/state", "LANG": "C",
	} {
		fmt.Fprintf(&text, "export %s=%s\n", name, value)
	}
	return text.String()
}

// manager detects the instance anew.
func (i *instance) manager(store string, report func(string)) Manager {
	i.t.Helper()
	host, err := detect.Detect(i.t.Context(), detect.Request{ServerRoot: i.root, HTTPD: "/usr/sbin/apache2", Python: "/usr/bin/python3"})
	if err != nil {
		i.t.Fatal(err)
	}
	i.host = host
	apache, err := New(host)
	if err != nil {
		i.t.Fatal(err)
	}
	opened, err := OpenHistory(store, "1.0", report)
	if err != nil {
		i.t.Fatal(err)
	}
	return Manager{Apache: apache, History: opened, Limit: 20 * time.Second, Report: func(string) {}}
}

func (i *instance) copyTree(from, to string) {
	i.t.Helper()
	if output, err := exec.Command("cp", "-a", from, to).CombinedOutput(); err != nil {
		i.t.Fatalf("copy %s: %v\n%s", from, err, output)
	}
}

func (i *instance) write(name, text string) string {
	i.t.Helper()
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(i.root, name)
	}
	os.MkdirAll(filepath.Dir(path), 0o755)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		i.t.Fatal(err)
	}
	return path
}

func (i *instance) start() {
	i.t.Helper()
	if err := i.Apache.Start(i.t.Context()); err != nil {
		i.t.Fatal(err)
	}
	i.t.Cleanup(func() {
		if i.RunningPID() != 0 {
			if err := i.Stop(context.Background()); err != nil {
				i.t.Error(err)
			}
		}
	})
}

// application writes a script that answers with a text, and which process
// group it runs in. One that is there stays: mod_wsgi restarts the daemon
// processes of a script that was written anew.
func (i *instance) application(name, text string) string {
	script := fmt.Sprintf(`
def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [(%q + ' from ' + environ['mod_wsgi.process_group'] + ' of ' + '.'.join(map(str, environ['mod_wsgi.version']))).encode()]
`, text)
	path := filepath.Join(i.apps, name, "wsgi.py")
	if there, err := os.ReadFile(path); err == nil && string(there) == script {
		return path
	}
	return i.write(path, script)
}

// declare declares sites by their names, each with a script of its own that
// answers with its name.
func (i *instance) declare(release string, names ...string) Declaration {
	i.t.Helper()
	d := Declaration{Declaration: intent.Declaration{File: i.write(filepath.Join(i.apps, "wsgictl.toml"), "")}, Module: i.module(release)}
	for _, name := range names {
		d.Sites = append(d.Sites, templates.Site{
			Name: name, ServerName: name + ".example.org", Port: i.port, LogDirectory: i.root + "/log",
			Application: templates.Application{Script: i.application(name, name)},
		})
		d.Daemons = append(d.Daemons, templates.Daemon{Name: name, Release: d.Module.Release, Settings: []modwsgi.Setting{
			{Name: "processes", Value: "1"}, {Name: "home", Value: filepath.Join(i.apps, name)},
		}})
	}
	return d
}

func (i *instance) module(release string) Module {
	i.t.Helper()
	file := i.moduleFile
	if file == "" {
		file = httpdtest.Module(i.t, release)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		i.t.Fatal(err)
	}
	beside, err := os.ReadFile(modwsgi.Beside(file))
	if err != nil && i.moduleFile == "" {
		i.t.Fatal(err)
	}
	return Module{Content: content, Release: modwsgi.MustParseRelease(release), Python: "3.11", Beside: beside}
}

// apply plans, checks in a staged copy, and applies.
func (i *instance) apply(d Declaration) error {
	i.t.Helper()
	plan, err := i.Plan(d, Refuse)
	if err != nil {
		return err
	}
	return i.carryOut(plan)
}

func (i *instance) carryOut(plan *Plan) error {
	i.t.Helper()
	if len(plan.Conflicts) > 0 {
		return fmt.Errorf("conflicts: %v", plan.Conflicts)
	}
	if err := i.check(plan); err != nil {
		return err
	}
	return i.Apply(i.t.Context(), plan)
}

func (i *instance) check(plan *Plan) error {
	i.t.Helper()
	stage, err := i.Stage(i.t.Context(), plan, nil)
	if err != nil {
		return err
	}
	defer stage.Close()
	for _, finding := range stage.Audit().Findings {
		if finding.Severity.String() == "error" && !i.brokenByOthers {
			i.t.Errorf("the audit says of the result: %s:%d: %s", finding.Pos.File, finding.Pos.Line, finding.Message)
		}
	}
	if err := errors.Join(stage.CheckRead(), stage.CheckTrust()); err != nil {
		return err
	}
	if err := stage.CheckStart(i.t.Context()); err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	return nil
}

// remove takes a site away.
func (i *instance) remove(site string) error {
	i.t.Helper()
	plan, err := i.PlanRemoval(site, Refuse)
	if err != nil {
		return err
	}
	return i.carryOut(plan)
}

// get asks the instance by a host name.
func (i *instance) get(host string) (int, string, error) {
	request, err := http.NewRequestWithContext(i.t.Context(), http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/", i.port), nil)
	if err != nil {
		return 0, "", err
	}
	request.Host = host
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, string(body), err
}

// expect holds that a site answers with its name from its daemon.
func (i *instance) expect(site, release string) {
	i.t.Helper()
	want := fmt.Sprintf("%s from %s of %s", site, site, release)
	if status, body, err := i.get(site + ".example.org"); err != nil || status != http.StatusOK || body != want {
		i.t.Errorf("%s: status %d, body %.80q, error %v; want %q", site, status, body, err, want)
	}
}

// tree is all of the configuration and of a2enmod's notes.
func (i *instance) tree() map[string]store.PathState {
	i.t.Helper()
	tree := map[string]store.PathState{}
	err := filepath.WalkDir(i.root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "run" || entry.Name() == "log" || entry.Name() == "lock") {
			return filepath.SkipDir
		}
		read, err := store.Read(path)
		tree[strings.TrimPrefix(path, i.root)] = read
		return err
	})
	if err != nil {
		i.t.Fatal(err)
	}
	return tree
}

// clean holds that no transaction is under way and that httpd accepts what is
// enabled.
func (i *instance) clean() {
	i.t.Helper()
	if pending, err := i.History.Pending(); pending != nil || err != nil {
		i.t.Errorf("journal %v, error %v", pending, err)
	}
	if err := i.ConfigTest(i.t.Context()); err != nil {
		i.t.Error(err)
	}
}

func pythonPath(folder string) modwsgi.Setting {
	return modwsgi.Setting{Name: "python-path", Value: folder}
}

// staged plans a declaration and lays the copy that it is checked in.
func (i *instance) staged(d Declaration) (*Plan, *Stage) {
	i.t.Helper()
	plan, err := i.Plan(d, Refuse)
	if err != nil {
		i.t.Fatal(err)
	}
	stage, err := i.Stage(i.t.Context(), plan, nil)
	if err != nil {
		i.t.Fatal(err)
	}
	i.t.Cleanup(stage.Close)
	return plan, stage
}
