package deploy

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/roll"
	"github.com/wsgictl/wsgictl/roll/ready"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
)

// games is an account that every Debian has, and that nobody uses.
const games = "games"

// A shop is a site of another account's, deployed by root, with what has been told.
type shop struct {
	*httpdtest.Server
	t    *testing.T
	site Site
	text string // by which it is declared

	mutex sync.Mutex
	told  []string
}

// newShop declares a site with further settings of its deploy; nothing is deployed yet.
func newShop(t *testing.T, settings string) *shop {
	t.Helper()
	needtest.Root(t)
	s := &shop{Server: httpdtest.New(t), t: t}
	s.declare(settings)
	t.Cleanup(func() { os.RemoveAll(store.PlaceOfRoot(s.site.Folder)) })
	t.Cleanup(func() { os.RemoveAll(store.PlaceOfRoot(s.Root)) })
	return s
}

func (s *shop) declare(settings string) {
	s.t.Helper()
	s.text = fmt.Sprintf("[daemon.shop]\nuser = %q\nprocesses = 2\nthreads = 3\n[site.shop]\nserver-name = \"127.0.0.1\"\nport = %d\nhealth = \"/healthz\"\nscript = \"wsgi.py\"\n[site.shop.deploy]\nfolder = %q\npython = \"/usr/bin/python3\"\n%s\n",
		games, s.Port, s.Root+"/shop", settings)
	var err error
	if s.site, err = parse(s.text); err != nil {
		s.t.Fatal(err)
	}
}

func parse(text string) (Site, error) {
	file, err := intent.Parse("wsgictl.toml", []byte(text))
	if err != nil {
		return Site{}, err
	}
	return SiteOf(file, "shop")
}

func find(config string) func() (roll.Server, error) {
	return func() (roll.Server, error) {
		return roll.Find(installed.Named{Name: config}, trust.RootAndCaller())
	}
}

// start starts an Apache that serves the site as apply would have it.
func (s *shop) start() {
	s.t.Helper()
	text, err := s.site.ScriptText()
	if err != nil {
		s.t.Fatal(err)
	}
	script := s.Write("scripts/shop.wsgi", text)
	check := ready.Script(ready.Application{Script: script, Callable: "application", Health: ready.Health{Scheme: "http", Host: "127.0.0.1", Path: "/healthz"}})
	current := s.site.Current()
	s.Start(s.LoadModule("6.1.1") + fmt.Sprintf(`WSGIRestrictEmbedded On
WSGIScriptReloading Off
WSGIDaemonProcess shop user=%s processes=2 threads=3 display-name=%%{GROUP} python-home=%q home=%q python-path=%q
WSGIScriptAlias / %q process-group=shop application-group=%%{GLOBAL}
WSGIImportScript %q process-group=shop application-group=%%{GLOBAL}
<Directory %q>
Require all granted
</Directory>
`, games, current+"/venv", current, current, script, s.Write("scripts/ready.py", check), s.Root+"/scripts"))
	for begun := time.Now(); s.answer() == ""; time.Sleep(20 * time.Millisecond) {
		if time.Since(begun) > time.Minute {
			s.t.Fatal(s.ErrorLog())
		}
	}
}

// answer is what the site answers; empty where it is no 200.
func (s *shop) answer() string {
	status, body := s.Get("", "/")
	if status != http.StatusOK {
		return ""
	}
	return body
}

// version is the code of one that answers with its name, and with what a module says that
// it imports only then.
func (s *shop) version(name, statement string) string {
	dir := filepath.Join(s.Root, "source-"+name)
	write := func(file, text string) { s.Write("source-"+name+"/"+file, text) }
	write("late.py", fmt.Sprintf("NAME = %q\n", name))
	write("later.py", fmt.Sprintf("NAME = %q\n", name))
	write("wsgi.py", fmt.Sprintf(`import os, sys, time
time.sleep(0.3)
STATUS = "200 OK"
%s
def application(environ, start_response):
    if environ["PATH_INFO"] == "/healthz":
        start_response(STATUS, [])
        return [b""]
    import late
    if environ["PATH_INFO"] == "/later":
        import later as late
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [("%s %%s %%s %%s" %% (late.NAME, os.getcwd(), __file__)).encode()]
`, statement, name))
	return dir
}

func (s *shop) deploy() Deploy {
	return Deploy{
		Site: s.site, Release: "1.0", Limit: 30 * time.Second,
		Find: find(s.Root + "/httpd.conf"),
		Tell: func(text string) {
			s.mutex.Lock()
			defer s.mutex.Unlock()
			s.told = append(s.told, text)
		},
		Hold: func() (func(), error) { return func() {}, nil },
	}
}

func (s *shop) put(name string) (Result, error) {
	s.t.Helper()
	s.Write("httpd.conf", s.config())
	source, err := OpenSource(name)
	if err != nil {
		return Result{}, err
	}
	defer source.Close()
	return s.deploy().Put(s.t.Context(), source)
}

// config is the configuration that the server has, or will have.
func (s *shop) config() string {
	text, err := os.ReadFile(filepath.Join(s.Root, "httpd.conf"))
	if err != nil {
		return s.Base()
	}
	return string(text)
}

func (s *shop) mustPut(name string) Result {
	s.t.Helper()
	result, err := s.put(name)
	s.check(err)
	return result
}

func (s *shop) check(err error) {
	s.t.Helper()
	if err != nil {
		var failure *Failure
		errors.As(err, &failure)
		s.t.Fatalf("%v\n%+v\n%v\n%s", err, failure, s.told, s.ErrorLog())
	}
}

// load asks the site all the time, and counts what is no 200.
func (s *shop) load() (end func() (asked, failed int64)) {
	var asked, failed atomic.Int64
	ctx, stop := context.WithCancel(s.t.Context())
	var clients sync.WaitGroup
	for range 3 {
		clients.Go(func() {
			for ctx.Err() == nil {
				asked.Add(1)
				if s.answer() == "" {
					failed.Add(1)
				}
				time.Sleep(15 * time.Millisecond)
			}
		})
	}
	once := sync.OnceFunc(func() { stop(); clients.Wait() })
	s.t.Cleanup(once)
	return func() (int64, int64) { once(); return asked.Load(), failed.Load() }
}

// serves holds that each process answers with a version, all of which is of one release.
func (s *shop) serves(name string, r string) {
	s.t.Helper()
	want := fmt.Sprintf("%s %s %s %[3]s/wsgi.py", name, name, s.site.dir(r))
	for range 20 {
		if got := s.answer(); got != want {
			s.t.Fatalf("%q is answered, want %q", got, want)
		}
	}
	if serving := s.site.Serving(); serving != r {
		s.t.Errorf("the link leads to %s, want %s", serving, r)
	}
}

// TestDeployUnderLoad goes from nothing to a site that is served, to new releases, and back,
// without a request that fails.
func TestDeployUnderLoad(t *testing.T) {
	t.Parallel()
	s := newShop(t, "keep = 2\nbefore = [[\"venv/bin/python\", \"-c\", \"import os; open('before', 'w').write(os.environ['WSGICTL_RELEASE'])\"]]\nafter = [[\"sh\", \"-c\", \"id -un > after\"]]")
	one := s.mustPut(s.version("one", ""))
	if one.IsApplied || one.Runs || one.Previous != "" {
		t.Errorf("%+v", one)
	}
	s.start()
	s.serves("one", one.Release)
	end := s.load()
	two := s.mustPut(s.version("two", ""))
	s.serves("two", two.Release)
	if !two.IsApplied || two.Replaced != 2 || two.Previous != one.Release {
		t.Errorf("%+v", two)
	}
	for file, want := range map[string]string{"before": two.Release, "after": games + "\n"} {
		if text, err := os.ReadFile(filepath.Join(s.site.dir(two.Release), file)); err != nil || string(text) != want {
			t.Errorf("%s: %q, %v", file, text, err)
		}
	}
	three := s.mustPut(s.version("three", ""))
	s.serves("three", three.Release)
	if !slices.Equal(three.Removed, []string{one.Release}) {
		t.Errorf("%+v", three)
	}
	back, err := s.deploy().Back(t.Context(), "")
	s.check(err)
	s.serves("two", two.Release)
	if back.Release != two.Release || back.Previous != three.Release {
		t.Errorf("%+v", back)
	}
	if _, err := s.deploy().Back(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "there is no release before "+two.Release) {
		t.Error(err)
	}
	_, err = s.deploy().Back(t.Context(), three.Release)
	s.check(err)
	s.serves("three", three.Release)
	if asked, failed := end(); asked == 0 || failed != 0 {
		t.Errorf("%d of %d failed\n%s", failed, asked, s.ErrorLog())
	}
	s.lists(three.Release, two.Release)
	belongs, err := exec.Command("find", s.site.Folder, "!", "-user", games, "!", "-type", "l").CombinedOutput()
	if err != nil || len(belongs) > 0 {
		t.Errorf("not of %s: %s%v", games, belongs, err)
	}
}

// lists holds that these releases are there, on disk and in the list, of which the link
// leads to the first of them.
func (s *shop) lists(serving string, others ...string) {
	s.t.Helper()
	all, unsettled, err := s.site.List("1.0")
	if err != nil || unsettled != "" {
		s.t.Errorf("%v, %q", err, unsettled)
	}
	want := append([]string{serving}, others...)
	slices.Sort(want)
	var got []string
	for _, r := range all {
		got = append(got, r.ID)
		if r.Serving != (r.ID == serving) {
			s.t.Errorf("%+v", r)
		}
	}
	slices.Sort(got)
	onDisk, err := filepath.Glob(s.site.dir("*"))
	if err != nil {
		s.t.Fatal(err)
	}
	for i := range onDisk {
		onDisk[i] = filepath.Base(onDisk[i])
	}
	if !slices.Equal(got, want) || !slices.Equal(onDisk, want) {
		s.t.Errorf("listed %v, on disk %v, want %v", got, onDisk, want)
	}
}

// TestProcessStaysWithItsRelease has the link lead elsewhere while processes run: what they
// import then is still of the release that they have begun with.
func TestProcessStaysWithItsRelease(t *testing.T) {
	t.Parallel()
	for _, module := range []string{"", "wsgi:application"} {
		s := newShop(t, "")
		s.mustPut(s.version("one", ""))
		two := s.mustPut(s.version("two", ""))
		if _, err := s.deploy().Back(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
		if module != "" {
			s.site.Script, s.site.Module = "", module
		}
		s.start()
		os.Remove(s.site.Current())
		if err := os.Symlink("releases/"+two.Release, s.site.Current()); err != nil {
			t.Fatal(err)
		}
		for range 20 {
			if _, body := s.Get("", "/later"); !strings.HasPrefix(body, "one one ") && module == "" || !strings.HasPrefix(body, "one ") {
				t.Fatalf("%s: %q", module, body)
			}
		}
		s.Stop()
	}
}

// TestDeployRefusesAnotherPython says what a release needs before anything is changed.
func TestDeployRefusesAnotherPython(t *testing.T) {
	t.Parallel()
	s := newShop(t, "")
	source := s.version("one", "")
	s.Write("source-one/pyproject.toml", "[project]\nname = \"shop\"\nrequires-python = \">=3.6\"\n")
	one := s.mustPut(source)
	s.start()
	for file, test := range map[string]struct{ text, want string }{
		"pyproject.toml":  {"[project]\nrequires-python = \">=3.99\"\n", "requires-python of its pyproject.toml says >=3.99, and /usr/bin/python3 is Python 3."},
		".python-version": {"3.99.1\n", "its .python-version says 3.99, and "},
		"pyproject.toml ": {"[project\n", "pyproject.toml:1:"},
	} {
		path := s.Write("source-one/"+strings.TrimSpace(file), test.text)
		_, err := s.put(source)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", file, err)
		}
		if err != nil && !strings.HasSuffix(file, " ") && !strings.Contains(err.Error(), `name the other Python, and another folder, in [site.shop.deploy], run this command again, which serves nothing from there yet, and then "wsgictl apply"`) {
			t.Error(err)
		}
		os.Remove(path)
	}
	s.lists(one.Release)
}

// TestBrokenReleaseIsNotServed has releases of which something does not work: the former
// one is served on, and nothing is left of them.
func TestBrokenReleaseIsNotServed(t *testing.T) {
	t.Parallel()
	s := newShop(t, "")
	one := s.mustPut(s.version("one", ""))
	s.start()
	end := s.load()
	for _, test := range []struct {
		name, statement, settings, requirements string
		want, log                               string
	}{
		{"import", "import no_such_module", "", "", "load the application: ", "ModuleNotFoundError: No module named 'no_such_module'"},
		{"syntax", "def", "", "", "load the application: ", "SyntaxError"},
		{"health", `STATUS = "500 Internal Server Error"`, "", "", "replace the processes: the new process ", "/healthz was answered with 500"},
		{"inside", `import mod_wsgi; assert mod_wsgi.version == (5, 0, 2), "in Apache"`, "", "", "replace the processes: the new process ", "in Apache"},
		{"before", "", `before = [["sh", "-c", "echo no table basket; exit 3"]]`, "", "sh -c echo no table basket; exit 3: ", "no table basket"},
		{"after", "", `after = [["venv/bin/python", "-c", "raise SystemExit('no cache')"]]`, "", "no cache", "no cache"},
		{"packages", "", "", "--no-index\nno-such-package==1.0\n", "pip install", "No matching distribution found for no-such-package"},
		{"hashes", "", "", "--no-index\nno-such-package==1.0 --hash=sha256:00\n", "--require-hashes", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s.declare(test.settings)
			source := s.version(test.name, test.statement)
			if test.requirements != "" {
				s.Write("source-"+test.name+"/requirements.txt", test.requirements)
			}
			_, err := s.put(source)
			var failure *Failure
			if err == nil || !strings.Contains(err.Error(), test.want) || !errors.As(err, &failure) || !strings.Contains(strings.Join(failure.Log, "\n"), test.log) {
				t.Fatalf("%v\n%+v", err, failure)
			}
			s.serves("one", one.Release)
			s.lists(one.Release)
		})
	}
	if asked, failed := end(); asked == 0 || failed != 0 {
		t.Errorf("%d of %d failed\n%s", failed, asked, s.ErrorLog())
	}
}
