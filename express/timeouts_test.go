package express_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
)

func TestRequestTimeoutIsThatOfTheProfile(t *testing.T) {
	t.Parallel()
	i := slices.IndexFunc(express.Table(), func(o express.Option) bool { return o.Name == "request-timeout" })
	if got, want := express.Table()[i].Default, strconv.Itoa(int(modwsgi.DefaultRecovery.Seconds())); got != want {
		t.Errorf("request-timeout is %s by default, and %s in the profile", got, want)
	}
}

func TestTimeoutsLetEachOtherAct(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	for _, test := range []struct{ args, fires, timeout, reads, socket string }{
		{"", "180 s", "60", "header=15-30,MinRate=500 body=15,MinRate=500", "60"},
		{"--request-timeout 120", "120 s", "165", "header=15-30,MinRate=500 body=15,MinRate=500", "165"},
		{"--request-timeout 120 --socket-timeout 60", "120 s", "60", "header=15-30,MinRate=500 body=15,MinRate=500", "60"},
		{"--queue-timeout 120", "180 s", "135", "header=15-30,MinRate=500 body=15,MinRate=500", "135"},
		{"--socket-timeout 300", "300 s", "300", "header=15-30,MinRate=500 body=15,MinRate=500", "300"},
		{"--header-timeout 90", "180 s", "90", "header=90-180,MinRate=500 body=15,MinRate=500", "60"},
		{"--header-timeout 30", "180 s", "60", "header=30-60,MinRate=500 body=15,MinRate=500", "60"},
		{"--header-max-timeout 10", "180 s", "60", "header=5-10,MinRate=500 body=15,MinRate=500", "60"},
		{"--header-min-rate 0", "180 s", "60", "header=15 body=15,MinRate=500", "60"},
		{"--header-timeout 0", "180 s", "60", "header=0 body=15,MinRate=500", "60"},
		{"--body-timeout 240", "240 s", "240", "header=15-30,MinRate=500 body=240,MinRate=500", "240"},
		{"--body-max-timeout 10", "180 s", "60", "header=15-30,MinRate=500 body=5-10,MinRate=500", "60"},
	} {
		configuration := text(a.plan(t, strings.Fields(test.args+" hello.wsgi")), "httpd.conf")
		for pattern, want := range map[string]string{
			`fires after .* = (.*)\.`: test.fires, `(?m)^Timeout (.*)`: test.timeout,
			`(?m)^RequestReadTimeout (.*)`: test.reads, `socket-timeout=(\d+)`: test.socket,
		} {
			if match := regexp.MustCompile(pattern).FindStringSubmatch(configuration); match == nil || match[1] != want {
				t.Errorf("%s: %q, want %s", test.args, match, want)
			}
		}
		module := filepath.Join(httpdtest.ModulesDir(t), "mod_reqtimeout.so")
		if err := httpdtest.Check(fmt.Sprintf("LoadModule reqtimeout_module %s\nRequestReadTimeout %s\n", module, test.reads)); err != nil {
			t.Errorf("%s: %v", test.args, err)
		}
	}
}
