// Package golden runs every golden case: the *.txtar files of the folders
// here, each a command line, its files, and the output expected.
//
// "go test ./golden -update" writes the output that was seen into the cases.
package golden

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/wsgictl/wsgictl/cli"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/trust"
)

var update = flag.Bool("update", false, "write the output seen into the golden cases")

// TestMain lets this program be wsgictl, under its own name and that of
// mod_wsgi-express, so that the cases run what go test has built and covers.
func TestMain(m *testing.M) {
	trust.Become() // in a child that works as another account
	if filepath.Base(os.Args[0]) == "mod_wsgi-express" {
		os.Exit(cli.Main())
	}
	testscript.Main(m, map[string]func(){"wsgictl": func() { os.Exit(cli.Main()) }})
}

func TestGolden(t *testing.T) {
	for _, folder := range caseFolders(t) {
		t.Run(folder, func(t *testing.T) {
			testscript.Run(t, testscript.Params{
				Dir:                 folder,
				UpdateScripts:       *update,
				RequireExplicitExec: true,
				RequireUniqueNames:  true,
				Setup: func(env *testscript.Env) error {
					env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, ".cache"))
					return nil
				},
				Condition: condition,
				Cmds: map[string]func(*testscript.TestScript, bool, []string){
					"exits": exits,
					"host":  layHost,
					"inside": func(script *testscript.TestScript, negated bool, args []string) {
						runInside(t, script, negated, args)
					},
					"httpd-t": func(script *testscript.TestScript, negated bool, args []string) {
						checkConfiguration(t, script, negated, args)
					},
					"serves": func(script *testscript.TestScript, negated bool, args []string) {
						checkServing(t, folder, script, negated, args)
					},
				},
			})
		})
	}
}

// hostsFolder holds recorded hosts for the command "host"; it has no cases.
const hostsFolder = "hosts"

// caseFolders are the folders below this one that hold cases.
func caseFolders(t *testing.T) []string {
	t.Helper()
	var folders []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		if path == hostsFolder {
			return fs.SkipDir
		}
		if cases, _ := filepath.Glob(filepath.Join(path, "*.txtar")); len(cases) > 0 {
			folders = append(folders, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return folders
}

// condition answers the conditions of cases: [httpd] the machine has an
// Apache, [root] the case runs as root, [layouts] it can have servers of other
// layouts.
func condition(name string) (bool, error) {
	switch name {
	case "httpd":
		return isHere(httpdtest.Check(""))
	case "root":
		return os.Getuid() == 0, nil
	case "layouts":
		if os.Getuid() != 0 || runtime.GOOS != "linux" {
			return false, nil
		}
		return isHere(cmp.Or(httpdtest.Check(""), httpdtest.CanIsolate(), httpdtest.CanBuild()))
	}
	return false, fmt.Errorf("unknown condition %q", name)
}

// isHere tells whether nothing is missing, which is an error where all must run.
func isHere(missing error) (bool, error) {
	if missing != nil && needtest.MustRun() {
		return false, missing
	}
	return missing == nil, nil
}

// exits is the command "exits CODE PROGRAM ARG...": the program ends with
// exactly this exit code.
func exits(script *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) < 2 {
		script.Fatalf("usage: exits CODE PROGRAM ARG...")
	}
	code := "0"
	var exit *exec.ExitError
	if err := script.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		code = strconv.Itoa(exit.ExitCode())
	} else if err != nil {
		script.Fatalf("%v", err)
	}
	if code != args[0] {
		script.Fatalf("exit code %s, want %s", code, args[0])
	}
}

// checkConfiguration is the command "httpd-t RELEASE FILE...": the real httpd,
// with the real module of that mod_wsgi release, reads the files one after
// another as one configuration and accepts them. "! httpd-t" wants it refused.
func checkConfiguration(t *testing.T, script *testscript.TestScript, negated bool, args []string) {
	if len(args) < 2 {
		script.Fatalf("usage: httpd-t RELEASE FILE...")
	}
	var configuration strings.Builder
	fmt.Fprintf(&configuration, "LoadModule wsgi_module %q\n", httpdtest.Module(t, args[0]))
	for _, file := range args[1:] {
		configuration.WriteString(script.ReadFile(file))
	}
	err := httpdtest.Check(configuration.String())
	switch {
	case err != nil && !negated:
		script.Fatalf("%v", err)
	case err == nil && negated:
		script.Fatalf("httpd accepts the configuration")
	}
}
