package system

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

func TestAdviceNamesWhatTheHostAsksFor(t *testing.T) {
	t.Parallel()
	d := Declaration{Daemons: []templates.Daemon{{Name: "shop", Settings: []modwsgi.Setting{
		{Name: "home", Value: "/srv/shop"}, {Name: "python-home", Value: "/srv/shop/venv"},
	}}}}
	for name, c := range map[string]struct {
		mpm, selinux, appArmor string
		says                   []string
	}{
		"nothing":   {"event", "", "", nil},
		"prefork":   {"prefork", "", "", []string{"does not switch the MPM"}},
		"enforcing": {"event", "enforcing", "", []string{"SELinux is enforcing", "httpd_sys_content_t '/srv/shop(/.*)?'", "httpd_sys_script_exec_t '/srv/shop/venv/lib(/.*)?'", "httpd_can_network_connect_db on"}},
		"confined":  {"event", "", "enforce", []string{"/etc/apparmor.d/local/usr.sbin.apache2", "/srv/shop/venv/** mr,"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			apache := &Apache{Apache: detect.Apache{Path: "/usr/sbin/apache2", AppArmor: c.appArmor, MPM: c.mpm, ConfigFile: "/nowhere/httpd.conf"}}
			advice := apache.Advice(&detect.Host{System: detect.System{SELinux: c.selinux}}, d)
			text := strings.Join(advice, "\n")
			for _, want := range c.says {
				if !strings.Contains(text, want) {
					t.Errorf("%q does not say %q", text, want)
				}
			}
			if len(c.says) == 0 && text != "" {
				t.Errorf("advice %q", text)
			}
		})
	}
}

func TestWhatOthersCanChangeIsNamed(t *testing.T) {
	t.Parallel()
	// A folder of each sort, and what is said when others can write to it.
	for folder, says := range map[string]string{
		"project":               "The declaration is one",
		"venv/lib":              "The mod_wsgi module is one",
		"python/lib/python3.11": "The Python of daemon shop is one",
		"logs":                  "The folder for the logs of site shop is one",
		"":                      "",
	} {
		for mode, named := range map[os.FileMode]bool{0o755: false, 0o777: true, 0o775: true} {
			t.Run(fmt.Sprintf("%s %o", folder, mode), func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				venv := filepath.Join(dir, "venv")
				for _, folder := range []string{"project", "logs", "python/lib/python3.11", "venv/lib", "venv/bin"} {
					if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
						t.Fatal(err)
					}
				}
				d := Declaration{
					File: filepath.Join(dir, "project/wsgictl.toml"), Module: Module{Path: filepath.Join(venv, "lib/mod_wsgi.so")},
					Daemons: []templates.Daemon{{Name: "shop", Settings: []modwsgi.Setting{{Name: "python-home", Value: venv}}}},
					Sites:   []templates.Site{{Name: "shop", LogDirectory: filepath.Join(dir, "logs")}},
				}
				config := "home = " + filepath.Join(dir, "python/bin") + "\nversion = 3.11.2\n"
				for path, text := range map[string]string{d.File: "", d.Module.Path: "", filepath.Join(venv, "pyvenv.cfg"): config} {
					if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				if folder != "" {
					_ = os.Chown(filepath.Join(dir, folder), -1, 65534) // a group with members; only root can
					if err := os.Chmod(filepath.Join(dir, folder), mode); err != nil {
						t.Fatal(err)
					}
				}
				advice := strings.Join(trustAdvice(d), "\n")
				if named = named && folder != ""; !named && advice != "" || named && (!strings.Contains(advice, says) || !strings.Contains(advice, filepath.Join(dir, folder))) {
					t.Errorf("advice %q", advice)
				}
			})
		}
	}
}
