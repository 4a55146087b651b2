package system

import (
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

func TestAdviceNamesWhatTheHostAsksFor(t *testing.T) {
	t.Parallel()
	d := Declaration{Declaration: intent.Declaration{Daemons: []templates.Daemon{{Name: "shop", Settings: []modwsgi.Setting{
		{Name: "home", Value: "/srv/shop"}, {Name: "python-home", Value: "/srv/shop/venv"},
	}}}}}
	for name, c := range map[string]struct {
		mpm, selinux, appArmor string
		says                   []string
	}{
		"nothing":   {"event", "", "", nil},
		"prefork":   {"prefork", "", "", []string{"which mod_php (php_module) needs", "does not switch the MPM"}},
		"enforcing": {"event", "enforcing", "", []string{"SELinux is enforcing", "httpd_sys_content_t '/srv/shop(/.*)?'", "httpd_sys_script_exec_t '/srv/shop/venv/lib(/.*)?'", "httpd_can_network_connect_db on"}},
		"confined":  {"event", "", "enforce", []string{"/etc/apparmor.d/local/usr.sbin.apache2", "/srv/shop/venv/** mr,"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			apache := &Apache{Apache: detect.Apache{Apache: installed.Apache{Path: "/usr/sbin/apache2", AppArmor: c.appArmor, MPM: c.mpm, ConfigFile: "/nowhere/httpd.conf"}}}
			live := conf.ReadSource("httpd.conf", "LoadModule php_module modules/libphp.so\n", conf.Options{Scope: conf.Whole})
			advice := Manager{Apache: apache, Live: live}.Advice(&detect.Host{System: detect.System{SELinux: c.selinux}}, d)
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
