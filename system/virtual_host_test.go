package system

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// Two virtual hosts with the same name and port: the first one answers, and
// nobody says that the other is dead.
func TestSiteBehindAnotherVirtualHostIsToldFromOneThatIsServed(t *testing.T) {
	t.Parallel()
	i := newStoppedInstance(t, "event")
	i.serveStatic()
	i.start()
	if err := i.apply(i.declare("6.1.1", "hello")); err != nil {
		t.Fatal(err)
	}
	current, err := i.History.Current()
	if err != nil {
		t.Fatal(err)
	}
	if err := i.Health(t.Context(), current, i.Limit); err != nil {
		t.Errorf("a site that is served: %v", err)
	}
	// The other one is in daemon mode, in the very daemon process group.
	theirs := i.hide("hello", "WSGIScriptAlias / "+filepath.Join(i.apps, "hello/wsgi.py")+" process-group=hello application-group=%{GLOBAL}")
	says := "the virtual host in " + theirs + ":2 (it has the same name and port, and comes first) answers instead"
	err = i.Health(t.Context(), current, 10*time.Second)
	if err == nil || !strings.Contains(err.Error(), says) {
		t.Errorf("a site that is hidden: error %v; want %q", err, says)
	}
	plan, err := i.Plan(i.declare("6.1.1", "hello"), Refuse)
	if err != nil || !plan.IsEmpty() {
		t.Fatalf("error %v, changes %v", err, plan.Changes)
	}
	if err := i.CheckHosts(plan); err == nil || !strings.Contains(err.Error(), theirs+":2") {
		t.Errorf("a plan that changes nothing: error %v", err)
	}
}

func TestSiteThatWouldBeHiddenIsRefusedBeforeAnythingIsWritten(t *testing.T) {
	t.Parallel()
	i := newStoppedInstance(t, "event")
	i.serveStatic()
	i.start()
	theirs := i.hide("hello", "DocumentRoot /var/www/html")
	_, stage := i.staged(i.declare("6.1.1", "hello", "shop"))
	err := stage.CheckHosts()
	if err == nil || !strings.Contains(err.Error(), "site hello: at http://hello.example.org") || !strings.Contains(err.Error(), theirs+":2") {
		t.Errorf("error %v", err)
	}
	if err != nil && strings.Contains(err.Error(), "shop") {
		t.Errorf("a site that is not hidden, too: %v", err)
	}
}

func TestSitesThatShareANameAreServed(t *testing.T) {
	t.Parallel()
	i := newStoppedInstance(t, "event")
	other := httpdtest.FreePort(t)
	i.write("ports.conf", fmt.Sprintf("Listen 127.0.0.1:%d\nListen 127.0.0.1:%d\n", i.port, other))
	i.write("sites-enabled/000-a.conf", fmt.Sprintf(`<VirtualHost *:%d>
	ServerName hello.example.org
</VirtualHost>
`, other))
	i.write("sites-enabled/zz-wild.conf", fmt.Sprintf(`<VirtualHost *:%d>
	ServerName wild.example.org
	ServerAlias *.example.org
</VirtualHost>
`, i.port))
	i.start()
	if err := i.apply(i.declare("6.1.1", "hello")); err != nil {
		t.Fatal(err)
	}
	plan, err := i.Plan(i.declare("6.1.1", "hello"), Refuse)
	if err != nil {
		t.Fatal(err)
	}
	if err := i.CheckHosts(plan); err != nil {
		t.Error(err)
	}
	i.expect("hello", "6.1.1")
	if status, _, err := i.get("hello.example.org"); status != http.StatusOK || err != nil {
		t.Errorf("status %d, error %v", status, err)
	}
}

// hide adds a virtual host of others with the name of a site before all others,
// and lets Apache take it up.
func (i *instance) hide(site, directive string) (file string) {
	i.t.Helper()
	file = i.write("sites-enabled/000-a.conf", fmt.Sprintf("# theirs\n<VirtualHost *:%d>\n\tServerName %s.example.org\n\t%s\n</VirtualHost>\n", i.port, site, directive))
	if err := i.Stop(i.t.Context()); err != nil {
		i.t.Fatal(err)
	}
	if err := i.Apache.Start(i.t.Context()); err != nil {
		i.t.Fatal(err)
	}
	return file
}

// Debian's 000-default has no ServerName, and so the name of the host, which is
// also what "wsgictl init" gives a site unless it is told another.
func TestSiteWithTheNameOfTheHostBehindOneWithoutIsRefused(t *testing.T) {
	t.Parallel()
	i := newStoppedInstance(t, "event")
	i.serveStatic()
	i.start()
	d := i.declare("6.1.1", "hello")
	d.Sites[0].ServerName = detect.HostName()
	_, stage := i.staged(d)
	says := "the virtual host in " + filepath.Join(i.root, "sites-enabled/000-default.conf") + ":1 (it has no ServerName, so that it has this host's own, and comes first) answers instead"
	if err := stage.CheckHosts(); err == nil || !strings.Contains(err.Error(), says) {
		t.Errorf("error %v; want %q", err, says)
	}
}
