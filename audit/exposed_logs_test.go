package audit

import (
	"testing"

	"github.com/wsgictl/wsgictl/trust"
)

// Ubuntu's /var/log is its logger's, too.
func TestTheSystemsFolderOfLogsIsTheSystemsMatter(t *testing.T) {
	t.Parallel()
	logger := []trust.Account{{Name: "syslog", UID: 104}}
	for _, c := range []struct {
		way   trust.Way
		holes int
	}{
		{trust.Way{Real: "/var/log/apache2/error.log", Holes: []trust.Hole{{At: "/var/log", Who: logger}}}, 0},
		{trust.Way{Real: "/var/log/apache2", Holes: []trust.Hole{{At: "/var/log", Who: logger}, {At: "/var/log/apache2", Who: logger}}}, 1},
		{trust.Way{Real: "/var/log/apache2", Holes: []trust.Hole{{At: "/var/log", Open: true}}}, 1},
		{trust.Way{Real: "/var/log", Holes: []trust.Hole{{At: "/var/log", Who: logger}}}, 1},
		{trust.Way{Real: "/var/log/apache2", Holes: []trust.Hole{{At: "/var", Who: logger}}}, 1},
	} {
		if way := WayToLogs(c.way); len(way.Holes) != c.holes {
			t.Errorf("%+v: holes %v", c.way, way.Holes)
		}
	}
}
