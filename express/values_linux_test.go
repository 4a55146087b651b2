package express_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/express"
)

// TestNumbersAreTakenOrRefused: Apache starts with what is taken. The extremes of
// each option with a whole number, and what lies beyond.
func TestNumbersAreTakenOrRefused(t *testing.T) {
	t.Parallel()
	for _, option := range express.Table() {
		if option.Kind != reflect.Int || option.Name == "https-port" {
			continue
		}
		t.Run(option.Name, func(t *testing.T) {
			t.Parallel()
			a := newApplication(t, "6.1.1")
			for _, value := range []int{-1, 0, option.Min, 1 << 31, option.Max} {
				args := []string{"hello.wsgi", "--" + option.Name, strconv.Itoa(value)}
				setup, err := a.try(args)
				inside := value >= option.Min && value <= option.Max
				switch {
				case err == nil && inside:
					a.starts(t, setup, args)
				case err == nil:
					t.Errorf("%d is taken", value)
				case !inside && !strings.Contains(err.Error(), fmt.Sprintf("--%s %d: want at ", option.Name, value)):
					t.Errorf("%d: %v", value, err)
				}
			}
		})
	}
}

// starts has Apache judge the configuration.
func (a *application) starts(t *testing.T, setup *express.Setup, args []string) {
	t.Helper()
	if err := setup.Write(t.Context()); err != nil {
		t.Fatal(err)
	}
	output, err := exec.Command("/bin/bash", filepath.Join(a.Root, "apachectl"), "configtest").CombinedOutput()
	if err != nil || !strings.Contains(string(output), "Syntax OK") || strings.Contains(string(output), "WARNING") {
		t.Errorf("%q: %v\n%s", args, err, output)
	}
}

// TestWordsAreTakenOrRefused does it for words.
func TestWordsAreTakenOrRefused(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	for _, test := range []struct{ args, want string }{
		{"--log-level emergency", "--log-level emergency: want emerg"},
		{"--log-level ssl:junk", "--log-level ssl:junk"},
		{"--log-level wsgi:Debug", ""},
		{"--log-level TRACE8", ""},
		{"--log-level http:debug --log-level core:debug", ""},
		{"--log-level rewrite_module:trace3", ""},
		{"--log-level watchdog:debug", ""}, // built into Debian's httpd
		{"--log-level ssl:debug", "--log-level ssl:debug: this server does not load a module ssl"},
		{"--log-level ssl:debug --https-port 8443 --ssl-certificate $APP/site", ""},
		{"--allow-override Junk", "--allow-override Junk: want All"},
		{"--allow-override FileInfo --allow-override Options=Indexes,FollowSymLinks", ""},
		{"--host 999.1.1.1", "--host 999.1.1.1: want an address"},
		{"--host ::1", ""},
		{"--host localhost", ""},
		{"--trust-proxy-header X-Forwarded-For --trust-proxy junk.invalid", "--trust-proxy junk.invalid: want an address or a subnet"},
		{"--trust-proxy-header X-Forwarded-For --trust-proxy 10.0.0.0/33", "--trust-proxy 10.0.0.0/33"},
		{"--trust-proxy-header X-Forwarded-For --trust-proxy 10.0.0.0/8 --trust-proxy ::1 --trust-proxy fe80::/10 --trust-proxy 192.168 --trust-proxy 10.0.0.0/255.0.0.0", ""},
		{"--server-name http://www.example.org/", "--server-name http://www.example.org/: want a host name alone"},
		{"--server-name www.example.org:8000", "want a host name alone"},
		{"--server-name _a.example.org --server-alias *.example.org", ""},
		{"--url-alias static $APP", "--url-alias static: want the path of a URL"},
		{"--proxy-mount-point api http://127.0.0.1:1", "--proxy-mount-point api: want"},
		{"--limit-request-body -1", "--limit-request-body -1: want at least 0"},
		{"--request-timeout 99999999999", "--request-timeout 99999999999: want at most 1000000000"},
	} {
		args := append([]string{"hello.wsgi"}, a.words(test.args)...)
		setup, err := a.try(args)
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", test.args, err)
		case test.want == "":
			a.starts(t, setup, args)
		case err == nil || !strings.Contains(err.Error(), test.want):
			t.Errorf("%s: %v, want %q", test.args, err, test.want)
		}
		if err := os.RemoveAll(a.Root); err != nil {
			t.Fatal(err)
		}
	}
}
