package conf_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// before are modules that others cannot be loaded or used without.
var before = map[string][]string{
	"authn_dbd": {"dbd"}, "authn_socache": {"socache_shmcb"}, "authnz_ldap": {"ldap"}, "authz_dbd": {"dbd"}, "cache_disk": {"cache"},
	"cache_socache": {"cache", "socache_shmcb"}, "dav_fs": {"dav"}, "dav_lock": {"dav"}, "heartbeat": {"watchdog"}, "heartmonitor": {"watchdog"},
	"lbmethod_bybusyness": {"proxy", "proxy_balancer"}, "lbmethod_byrequests": {"proxy", "proxy_balancer"},
	"lbmethod_bytraffic": {"proxy", "proxy_balancer"}, "lbmethod_heartbeat": {"proxy", "proxy_balancer"},
	"md": {"watchdog", "socache_shmcb", "ssl"}, "proxy_ajp": {"proxy"}, "proxy_balancer": {"proxy"}, "proxy_connect": {"proxy"},
	"proxy_express": {"proxy"}, "proxy_fcgi": {"proxy"}, "proxy_fdpass": {"proxy"}, "proxy_ftp": {"proxy"}, "proxy_hcheck": {"watchdog", "proxy"},
	"proxy_http": {"proxy"}, "proxy_http2": {"proxy"}, "proxy_scgi": {"proxy"}, "proxy_uwsgi": {"proxy"}, "proxy_wstunnel": {"proxy"},
	"session_cookie": {"session"}, "session_crypto": {"session"}, "session_dbd": {"session", "dbd"}, "ssl": {"socache_shmcb"},
}

// loadLines load a module, with what it needs.
func loadLines(folder, name string) string {
	names := []string{"mpm_event", "unixd", "log_config", "authn_core", "authz_core", "authz_host"}
	if strings.HasPrefix(name, "mpm_") {
		names[0] = name
	}
	var lines strings.Builder
	loaded := map[string]bool{}
	for _, n := range slices.Concat(names, before[name], []string{name}) {
		file := filepath.Join(folder, "mod_"+n+".so")
		if _, err := os.Stat(file); err == nil && !loaded[n] {
			fmt.Fprintf(&lines, "LoadModule %s_module %s\n", n, file)
		}
		loaded[n] = true
	}
	return lines.String()
}

// anyWords are arguments of the right number, by conf.ArgsForm.
var anyWords = []string{"x y", "", "on", "x", "x y", "x y z", "x", "x", "x y", "x", "x", "x y", "x"}

// misplaced are places, each with the bits of a directive that may not stand
// there, and those that it must have to be let in at all.
var misplaced = []struct {
	lines        string
	refused, let conf.Context
}{
	{"<VirtualHost *:80>\n%s\n</VirtualHost>\n", conf.NotInHost, conf.InServer},
	{"<Location /x>\n%s\n</Location>\n", conf.NotInLocation, conf.InDirectory | conf.OverrideAll},
	{"<Directory /x>\n<Files y>\n%s\n</Files>\n</Directory>\n", conf.NotInDirectory | conf.NotInFiles, conf.InDirectory | conf.OverrideAll},
}

// TestPlacesAreClosedAsHTTPDSays puts each directive of each module at hand
// where its command table lets it stand, and asks httpd whether its function
// refuses the place: most do so before they look at arguments.
func TestPlacesAreClosedAsHTTPDSays(t *testing.T) {
	t.Parallel()
	program, folder := httpdtest.Program(t), httpdtest.ModulesDir(t)
	var questions sync.WaitGroup
	slots := make(chan struct{}, 2)
	asked := 0
	for _, module := range conf.HTTPDModules(httpdtest.Version(t)) {
		name := strings.TrimSuffix(module.Identifier, "_module")
		_, err := os.Stat(filepath.Join(folder, "mod_"+name+".so"))
		if err != nil && name != "core" && name != "http" {
			continue
		}
		load := loadLines(folder, name)
		for i, form := range module.Directives {
			again := slices.ContainsFunc(module.Directives[:i], func(other conf.DirectiveForm) bool { return other.Name == form.Name })
			for _, place := range misplaced {
				if again || form.Context&place.let == 0 || form.Releases.Backported {
					continue
				}
				asked++
				slots <- struct{}{}
				questions.Go(func() {
					defer func() { <-slots }()
					configuration := load + fmt.Sprintf(place.lines, withAnyWords(form))
					said := sayOf(t, program, configuration)
					if got, want := strings.Contains(said, " cannot occur within <"), form.Context&place.refused != 0; got != want {
						t.Errorf("%s: the table closes the place: %v; httpd: %s\n%s", form.Name, want, said, configuration)
					}
				})
			}
		}
	}
	questions.Wait()
	if asked < 300 {
		t.Errorf("asked of %d directives and places: the modules are not found", asked)
	}
}

func withAnyWords(form conf.DirectiveForm) string {
	words := anyWords[form.Args]
	if section, ok := strings.CutPrefix(form.Name, "<"); ok {
		return form.Name + " " + words + ">\n</" + section + ">"
	}
	return form.Name + " " + words
}

// sayOf is what "httpd -t" reports of a configuration alone.
func sayOf(t *testing.T, program, configuration string) string {
	file := filepath.Join(t.TempDir(), "httpd.conf")
	if err := os.WriteFile(file, []byte("ServerRoot /\nServerName localhost\nErrorLog /dev/null\n"+configuration), 0o600); err != nil {
		t.Error(err)
	}
	said, _ := exec.Command(program, "-t", "-f", file).CombinedOutput() // that it refuses them is expected
	return string(said)
}
