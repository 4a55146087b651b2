package httpdtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A program is the httpd under test.
type program struct {
	path       string
	version    string // "2.4.68"
	modulesDir string
	builtIn    []string // source file names as "httpd -l" prints them: "mod_so.c"
}

// findProgram looks the httpd up once for the whole test run.
var findProgram = sync.OnceValues(func() (program, error) {
	for _, path := range []string{"/usr/sbin/apache2", "/usr/sbin/httpd", "/usr/local/apache2/bin/httpd"} {
		if _, err := os.Stat(path); err != nil {
			continue
		}
		version, err := exec.Command(path, "-v").Output()
		if err != nil {
			return program{}, fmt.Errorf("%s -v: %w", path, err)
		}
		builtIn, err := exec.Command(path, "-l").Output()
		if err != nil {
			return program{}, fmt.Errorf("%s -l: %w", path, err)
		}
		return program{path, release(version), modulesDir(path), strings.Fields(string(builtIn))}, nil
	}
	return program{}, fmt.Errorf("no httpd in the usual places")
})

// release finds "2.4.68" in "Server version: Apache/2.4.68 (Debian)".
func release(printed []byte) string {
	_, after, _ := strings.Cut(string(printed), "Apache/")
	words := strings.Fields(after)
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

func modulesDir(httpd string) string {
	if httpd == "/usr/sbin/apache2" {
		return "/usr/lib/apache2/modules"
	}
	return filepath.Join(filepath.Dir(filepath.Dir(httpd)), "modules")
}

// Program gives the path of the httpd that tests use.
func Program(t testing.TB) string {
	t.Helper()
	return find(t).path
}

// Strings gives what the httpd and its modules hold, the texts of their
// messages among it.
func Strings(t testing.TB) string {
	t.Helper()
	p := find(t)
	files, err := filepath.Glob(filepath.Join(p.modulesDir, "*.so"))
	if err != nil {
		t.Fatal(err)
	}
	var held strings.Builder
	for _, name := range append(files, p.path) {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		held.Write(content)
	}
	return held.String()
}

// Version gives the release of the httpd that tests use: "2.4.68".
func Version(t testing.TB) string {
	t.Helper()
	return find(t).version
}

// ModulesDir gives the folder with the modules of the httpd that tests use.
func ModulesDir(t testing.TB) string {
	t.Helper()
	return find(t).modulesDir
}

func find(t testing.TB) program {
	t.Helper()
	p, err := findProgram()
	if err != nil {
		missing(t, err)
	}
	return p
}

// modules are loaded into each server, where the httpd has them and did not
// compile them in, beside an MPM: those that rendered configuration may rely on.
var modules = []string{
	"authn_core", "authz_core", "authz_host", "access_compat", "unixd", "log_config",
	"mime", "dir", "alias", "env", "setenvif", "headers", "rewrite", "filter", "reqtimeout",
	"expires", "deflate", "remoteip", "info", "status", "socache_shmcb", "ssl", "http2",
	"proxy", "proxy_http", "macro", "version",
}

// loadModules are the LoadModule lines for those of names that are files.
func (p program) loadModules(names ...string) string {
	var lines strings.Builder
	for _, name := range names {
		if slices.Contains(p.builtIn, "mod_"+name+".c") {
			continue
		}
		file := filepath.Join(p.modulesDir, "mod_"+name+".so")
		if _, err := os.Stat(file); err == nil {
			fmt.Fprintf(&lines, "LoadModule %s_module \"%s\"\n", name, file)
		}
	}
	return lines.String()
}

// LoadModules gives the lines that load those modules of the httpd that tests
// use which are files; a name is such as "rewrite".
func LoadModules(t testing.TB, names ...string) string {
	t.Helper()
	return find(t).loadModules(names...)
}
