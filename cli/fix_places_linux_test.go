package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trusttest"
)

// TestFixNeedsNoHomeFolder fixes a file of an account that has no home folder which it
// can write, as in containers, and leaves no journal anywhere.
func TestFixNeedsNoHomeFolder(t *testing.T) {
	t.Parallel()
	needtest.Root(t)
	for name, test := range map[string]struct {
		places []string // variables; $DIR is root's folder, $HERS hers with the configuration, and $OWN another one of hers
		shared bool     // others can write in $HERS, too
		fails  string
	}{
		"none":                    {nil, false, ""},
		"none that is there":      {[]string{"HOME=/nonexistent"}, false, ""},
		"of an account to log in": {[]string{"HOME=/dev/null"}, false, ""},
		"of root":                 {[]string{"HOME=$DIR"}, false, ""},
		"state of root":           {[]string{"HOME=$HERS", "XDG_STATE_HOME=$DIR"}, false, ""},
		"state of hers":           {[]string{"HOME=$DIR", "XDG_STATE_HOME=$OWN/state"}, true, ""},
		"nothing at all": {[]string{"HOME=$DIR"}, true, "wsgictl: --fix: its journal needs a folder that this account alone can write, which " +
			"$DIR/.local/state/wsgictl/$NAME, $HERS/.wsgictl cannot be: name another one with the variable XDG_STATE_HOME\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newTestHost(t)
			site := h.write("hers/httpd.conf", "WSGIDaemonProcess shop display-name=shop\nWSGIScriptAlias / /srv/shop.wsgi process-group=shop\n")
			hers, own := filepath.Dir(site), filepath.Join(h.dir, "own")
			if err := os.Mkdir(own, 0o755); err != nil {
				t.Fatal(err)
			}
			if test.shared {
				if err := os.Chmod(hers, 0o777); err != nil {
					t.Fatal(err)
				}
			}
			for _, path := range []string{hers, own, site} {
				if err := os.Chown(path, trusttest.Alice, trusttest.Alice); err != nil {
					t.Fatal(err)
				}
			}
			in := strings.NewReplacer("$DIR", h.dir, "$HERS", hers, "$OWN", own, "$NAME", filepath.Base(store.PlaceOfRoot(hers)))
			before := textOf(t, site)
			command := exec.Command(built(t), "audit", "--fix", "--unsafe-fixes", "--exit-zero", site)
			command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: trusttest.Alice, Gid: trusttest.Alice}}
			command.Env = []string{"PATH=" + os.Getenv("PATH")}
			for _, place := range test.places {
				command.Env = append(command.Env, in.Replace(place))
			}
			output, err := command.CombinedOutput()
			if test.fails != "" {
				if fmt.Sprint(err) != "exit status 1" || string(output) != in.Replace(test.fails) || textOf(t, site) != before {
					t.Errorf("%v\n%s", err, output)
				}
				return
			}
			if err != nil || textOf(t, site) == before {
				t.Errorf("%v: %q\n%s", err, textOf(t, site), output)
			}
			entries, err := os.ReadDir(hers)
			if err != nil || len(entries) != 1 {
				t.Errorf("left are %v, %v", entries, err)
			}
		})
	}
}
