package installer_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/installer"
)

// realVenv is a virtualenv of the machine's own Python.
func realVenv(t *testing.T, options ...string) *detect.Virtualenv {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "venv")
	command(t, httpdtest.Python, append([]string{"-m", "venv", dir}, options...)...)
	venv, err := detect.ReadVirtualenv(dir)
	if err != nil {
		t.Fatal(err)
	}
	return &venv
}

// command runs a program that must not fail and gives what it prints.
func command(t *testing.T, program string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func build(t *testing.T, release string) *installer.Wheel {
	t.Helper()
	wheel, err := httpdtest.Builder(t).Build(t.Context(), httpdtest.Archive(t, release))
	if err != nil {
		t.Fatal(err)
	}
	return wheel
}

// TestPipTakesTheResultForItsOwn holds what is installed against pip, and
// mod_wsgi-express of each series against its own module.
func TestPipTakesTheResultForItsOwn(t *testing.T) {
	t.Parallel()
	venv := realVenv(t)
	before := filesOf(t, venv.Path)
	pip := filepath.Join(venv.Path, "bin/pip")
	for _, release := range []string{"4.9.4", "6.1.1"} {
		module, err := installer.Place(t.Context(), build(t, release), venv, nil)
		if err != nil {
			t.Fatal(err)
		}
		shown := command(t, pip, "show", "-f", "mod_wsgi")
		for _, want := range []string{"Version: " + release, "../../../bin/mod_wsgi-express", "mod_wsgi/server/" + filepath.Base(module)} {
			if !strings.Contains(shown, want) {
				t.Errorf("pip show -f has no %q:\n%s", want, shown)
			}
		}
		command(t, pip, "check")
		express := filepath.Join(venv.Path, "bin/mod_wsgi-express")
		if diff := cmp.Diff(module+"\n", command(t, express, "module-location")); diff != "" {
			t.Errorf("%s: %s", release, diff)
		}
		if configuration := command(t, express, "module-config"); !strings.Contains(configuration, module) {
			t.Errorf("%s: module-config prints %s", release, configuration)
		}
	}
	command(t, pip, "uninstall", "-y", "mod_wsgi")
	if diff := cmp.Diff(before, filesOf(t, venv.Path)); diff != "" {
		t.Errorf("pip uninstall leaves, or takes, too much: %s", diff)
	}
}

// filesOf lists the files of a virtualenv but for compiled Python.
func filesOf(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	for name := range strings.FieldsSeq(command(t, "find", dir, "-name", "__pycache__", "-prune", "-o", "-not", "-type", "d", "-print")) {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// TestApxsConfigMeansWhatSetupWrites lets Python compare the generated module
// with what the release's own setup.py generates from the same answers.
func TestApxsConfigMeansWhatSetupWrites(t *testing.T) {
	t.Parallel()
	for _, release := range []string{"4.9.4", "6.1.1"} {
		archive := httpdtest.Archive(t, release).Path
		setup := command(t, "tar", "-xzOf", archive, "mod_wsgi-"+release+"/setup.py")
		template := regexp.MustCompile(`(?s)APXS_CONFIG_TEMPLATE = (""".*?""")`).FindStringSubmatch(setup)
		if template == nil {
			t.Fatalf("%s: no template in setup.py", release)
		}
		venv := realVenv(t, "--without-pip")
		if _, err := installer.Place(t.Context(), build(t, release), venv, nil); err != nil {
			t.Fatal(err)
		}
		found, err := filepath.Glob(filepath.Join(venv.SitePackages, "mod_wsgi/*/apxs_config.py"))
		if err != nil || len(found) != 1 {
			t.Fatal(found, err)
		}
		headers := httpdtest.Builder(t).Apache.Headers
		program := `import sys
theirs, ours = {}, {}
answers = dict(zip(["BINDIR", "SBINDIR", "LIBEXECDIR", "MPM_NAME", "PROGNAME", "SHLIBPATH_VAR"], sys.argv[2:]), WITH_HTTPD_PACKAGE=False)
exec(` + template[1] + ` % answers, theirs)
exec(open(sys.argv[1]).read(), ours)
for name in theirs:
    if name.isupper() and theirs[name] != ours.get(name):
        print(name, theirs[name], ours.get(name))
print(len([n for n in theirs if n.isupper()]))
`
		out := command(t, httpdtest.Python, "-c", program, found[0], headers.BinDir, headers.SbinDir, headers.LibexecDir, headers.MPMName, headers.ProgName, headers.ShlibPath)
		if diff := cmp.Diff("10\n", out); diff != "" {
			t.Errorf("%s: %s", release, diff)
		}
	}
}

func TestVerifyAsksHTTPD(t *testing.T) {
	t.Parallel()
	apache := httpdtest.Builder(t).Apache
	folder := filepath.Join(t.TempDir(), `with space and "quote"`)
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	module, err := build(t, "6.1.1").ExtractModule(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := installer.Verify(t.Context(), apache, module, "", t.TempDir()); err != nil {
		t.Error(err)
	}
	text := filepath.Join(folder, "text.so")
	if err := os.WriteFile(text, []byte("not a module"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{text, filepath.Join(apache.ModulesDir, "mod_alias.so"), "/nowhere.so"} {
		if err := installer.Verify(t.Context(), apache, bad, "", t.TempDir()); err == nil || !strings.Contains(err.Error(), "does not load the module") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// TestRunningApacheSurvivesTheReplacement serves requests from a virtualenv's
// module while that is replaced by another release, and again after a restart.
func TestRunningApacheSurvivesTheReplacement(t *testing.T) {
	t.Parallel()
	server := httpdtest.New(t)
	old, updated := build(t, "5.0.2"), build(t, "6.1.1")
	// Below the server's root, which Apache's user can enter.
	command(t, httpdtest.Python, "-m", "venv", "--without-pip", filepath.Join(server.Root, "venv"))
	venv, err := detect.ReadVirtualenv(filepath.Join(server.Root, "venv"))
	if err != nil {
		t.Fatal(err)
	}
	module, err := installer.Place(t.Context(), old, &venv, nil)
	if err != nil {
		t.Fatal(err)
	}
	script := server.Write("app.wsgi", `import mod_wsgi
def application(environ, start_response):
    start_response("200 OK", [])
    return [".".join(map(str, mod_wsgi.version)).encode()]
`)
	server.Start(`LoadModule wsgi_module "` + module + `"
WSGISocketPrefix "` + server.Root + `/wsgi"
WSGIPythonHome "` + venv.Path + `"
WSGIRestrictEmbedded On
WSGIDaemonProcess test processes=2 threads=2
WSGIScriptAlias / "` + script + `" process-group=test application-group=%{GLOBAL}
<Directory "` + server.Root + `">
  Require all granted
</Directory>
`)
	get := func() string {
		response, err := http.Get(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	if diff := cmp.Diff("5.0.2", get()); diff != "" {
		t.Fatal(diff)
	}
	for _, wheel := range []*installer.Wheel{updated, old, updated} {
		if _, err := installer.Place(context.Background(), wheel, &venv, nil); err != nil {
			t.Fatal(err)
		}
		for range 20 {
			if diff := cmp.Diff("5.0.2", get()); diff != "" {
				t.Fatal("the running server has another module:", diff)
			}
		}
	}
	if log := server.ErrorLog(); strings.Contains(log, "exit signal") {
		t.Errorf("a process crashed:\n%s", log)
	}
}
