package system

import (
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/roll"
	"github.com/wsgictl/wsgictl/trust"
)

// TestAppliedSiteIsRestartedWithoutAFailure rolls what apply has written, by the name of
// the site's host, under load.
func TestAppliedSiteIsRestartedWithoutAFailure(t *testing.T) {
	t.Parallel()
	for _, release := range []string{"4.9.4", "6.1.1"} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			i := newInstance(t)
			d := i.declare(release, "hello", "shop")
			d.Daemons[0].Settings = modwsgi.Settings{{Name: "processes", Value: "2"}}.Over(d.Daemons[0].Settings)
			d.Sites[0].Health = "/"
			if err := i.apply(d); err != nil {
				t.Fatal(err)
			}
			load := i.load("hello.example.org", 4)
			defer load.stop()
			server, err := roll.Find(installed.Named{Name: i.root}, trust.Deciders())
			if err != nil {
				t.Fatal(err)
			}
			groups, err := server.Named("hello.example.org")
			if err != nil || len(groups) != 1 || groups[0].Name != "hello" {
				t.Fatalf("%v, %v", groups, err)
			}
			r := roll.Roll{Server: server.Process, Group: groups[0], Limit: time.Minute}
			if err := r.Run(t.Context()); err != nil {
				t.Fatalf("%v\n%s", err, i.read("log/error.log"))
			}
			if log := i.read("log/error.log"); strings.Contains(log, "not ready") {
				t.Error(log)
			}
		})
	}
}
