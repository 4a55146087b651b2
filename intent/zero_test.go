package intent_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

// TestZeroIsNotTheDefault writes 0 for each key of a number: it means 0, or is an
// error that names the key, and never what holds where the key is left out.
func TestZeroIsNotTheDefault(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ table, key string }{
		{"site.shop", "port"}, {"site.shop", "https-port"}, {"daemon.shop", "recovery"}, {"limits", "arrival"}, {"limits", "reserve"},
		{"site.shop", "Port"}, {"Limits", "arrival"}, // keys have no case
	} {
		_, err := intent.Parse("wsgictl.toml", []byte("["+test.table+"]\n"+test.key+" = 0\n"))
		want := "wsgictl.toml:2:1: " + test.table + "." + test.key + ": 0 means nothing here; want a number above 0, or leave the key out"
		if err == nil || err.Error() != want {
			t.Errorf("%s.%s: error %v, want %s", test.table, test.key, err, want)
		}
	}
	for _, option := range modwsgi.DaemonOptions(modwsgi.Newest) {
		if option.Check("1") != nil || !takesNumbers(option) {
			continue
		}
		file, err := intent.Parse("wsgictl.toml", []byte("[daemon.shop]\n"+option.Name+" = 0\n"))
		if err == nil {
			file.Daemons[0].Release = modwsgi.Newest
			err = rendersZero(file.Daemons[0], option.Name)
		}
		if err != nil && !strings.Contains(err.Error(), option.Name+"=0: ") {
			t.Errorf("%s = 0: %v", option.Name, err)
		}
	}
}

func takesNumbers(option modwsgi.DaemonOption) bool {
	return option.Kind == modwsgi.Count || option.Kind == modwsgi.Seconds || option.Kind == modwsgi.Bytes || option.Kind == modwsgi.Interval
}

// rendersZero is an error where the daemon has another value than 0 for an option.
func rendersZero(daemon templates.Daemon, option string) error {
	settings, err := daemon.Options()
	if err != nil {
		return err
	}
	if got := modwsgi.Settings(settings).Value(option); got != "0" {
		return &modwsgi.ValueError{Name: option, Value: got, Want: "0"}
	}
	return nil
}

// TestEveryNumberOfASiteIsLookedAt holds that the test above names each key of a
// site that is a plain number: 0 is told from none there by nothing else.
func TestEveryNumberOfASiteIsLookedAt(t *testing.T) {
	t.Parallel()
	var numbers []string
	for _, field := range reflect.VisibleFields(reflect.TypeFor[templates.Site]()) {
		if field.Type.Kind() == reflect.Int {
			numbers = append(numbers, field.Tag.Get("toml"))
		}
	}
	if got := strings.Join(numbers, " "); got != "port https-port" {
		t.Errorf("the numbers of a site are %s: add them to TestZeroIsNotTheDefault", got)
	}
}

// TestZeroThatMeansSomethingStays: it is any size of a request's body.
func TestZeroThatMeansSomethingStays(t *testing.T) {
	t.Parallel()
	file, err := intent.Parse("wsgictl.toml", []byte("[site.shop]\nlimit-request-body = 0\nhttps-only = false\n"))
	if err != nil {
		t.Fatal(err)
	}
	site := file.Sites[0]
	if site.LimitRequestBody == nil || *site.LimitRequestBody != 0 || site.HTTPSOnly == nil || *site.HTTPSOnly {
		t.Errorf("%+v", site)
	}
}
