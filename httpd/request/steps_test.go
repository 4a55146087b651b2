package request

import (
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// TestStepsOfMatching counts those of one match: four times as long a text takes four
// times as many, and so does a regular expression of four times as many instructions.
// One that takes too many is not tried.
func TestStepsOfMatching(t *testing.T) {
	t.Parallel()
	config := conf.ReadSource("t.conf", "", conf.Options{})
	steps := func(pattern string, length int) int {
		b := branch{server: &Server{Server: config.Main(), Httpd: New(config, Module{})}}
		b.match(nil, pattern, "", strings.Repeat("a", length))
		return b.steps
	}
	least := steps("(a?){100}b", 4<<10)
	for name, c := range map[string]struct{ steps, times int }{
		"a text of four times the length": {steps("(a?){100}b", 16<<10), 4},
		"a pattern of four times as many": {steps("(a?){400}b", 4<<10), 4},
		"both":                            {steps("(a?){400}b", 16<<10), 16},
	} {
		if c.steps < least*c.times*3/4 || c.steps > least*c.times*5/4 {
			t.Errorf("%s takes %d steps, and one %d", name, c.steps, least)
		}
	}
	if usual := steps("^/static/(.*)\\.css$", 60); usual > 10 {
		t.Errorf("a usual match takes %d steps", usual)
	}
	if tooMany := steps("(a?){900}b", 1<<30/100); tooMany <= maxSteps {
		t.Errorf("a match of minutes takes %d steps", tooMany)
	}
}
