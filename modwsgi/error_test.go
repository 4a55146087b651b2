package modwsgi

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNameErrorSaysWhatToDo(t *testing.T) {
	t.Parallel()
	daemonOption := func(name string, r Release) error { _, err := LookupDaemonOption(name, r); return err }
	directive := func(name string, r Release) error { _, err := LookupDirective(name, r); return err }
	onAlias := func(name string, r Release) error {
		_, err := LookupScriptOption("WSGIScriptAlias", name, r)
		return err
	}
	onMatch := func(name string, r Release) error {
		_, err := LookupScriptOption("WSGIScriptAliasMatch", name, r)
		return err
	}
	tests := []struct {
		lookup        func(string, Release) error
		release, name string
		want          string
	}{
		{daemonOption, "4.9.4", "interrupt-timeout", "interrupt-timeout needs mod_wsgi 6.0.0, this is 4.9.4"},
		{daemonOption, "6.0.1", "response-flush-delay", "response-flush-delay needs mod_wsgi 6.0.2, this is 6.0.1"},
		{daemonOption, "6.1.1", "proxy-buffer-size", "proxy-buffer-size was renamed response-buffer-size in 4.4.7"},
		{daemonOption, "6.1.1", "newrelic-environment", "newrelic-environment was removed in mod_wsgi 6.0.0, this is 6.1.1"},
		{daemonOption, "6.1.1", "quene-timeout", "unknown option quene-timeout: did you mean queue-timeout?"},
		{daemonOption, "6.1.1", "maxmium-requests", "unknown option maxmium-requests: did you mean maximum-requests?"},
		{daemonOption, "6.1.1", "python_home", "unknown option python_home: did you mean python-home?"},
		{daemonOption, "6.1.1", "colour", "unknown option colour"},
		{daemonOption, "6.1.1", "", "unknown option "},
		{directive, "6.1.1", "WSGILazyInitialization", "WSGILazyInitialization was removed in mod_wsgi 6.0.0, this is 6.1.1"},
		{directive, "5.0.2", "wsgislowrequests", "WSGISlowRequests needs mod_wsgi 6.0.0, this is 5.0.2"},
		{directive, "5.0.2", "WSGIScriptAlais", "unknown directive WSGIScriptAlais: did you mean WSGIScriptAlias?"},
		{onMatch, "4.5.24", "process-group", "process-group needs mod_wsgi 4.6.0, this is 4.5.24"},
		{onAlias, "6.1.1", "process-grop", "unknown WSGIScriptAlias option process-grop: did you mean process-group?"},
	}
	for _, test := range tests {
		err := test.lookup(test.name, MustParseRelease(test.release))
		var name *NameError
		if !errors.As(err, &name) {
			t.Errorf("%s, %s: error %v", test.release, test.name, err)
			continue
		}
		if diff := cmp.Diff(test.want, err.Error()); diff != "" {
			t.Error(diff)
		}
	}
}

func TestValueErrorSaysWhatIsWanted(t *testing.T) {
	t.Parallel()
	tests := []struct{ option, value, want string }{
		{"queue-timeout", "60", ""},
		{"queue-timeout", "60s", "queue-timeout=60s: want whole seconds without a unit, such as 60"},
		{"queue-timeout", "-1", "queue-timeout=-1: want whole seconds without a unit, such as 60"},
		{"queue-timeout", "1e3", "queue-timeout=1e3: want whole seconds without a unit, such as 60"},
		{"queue-timeout", "", "queue-timeout=: want whole seconds without a unit, such as 60"},
		{"queue-timeout", "99999999999", "queue-timeout=99999999999: want at most 2147483647"},
		{"memory-limit", "99999999999", ""},
		{"processes", "0", "processes=0: want at least 1"},
		{"threads", "0", ""},
		{"threads", "70000", "threads=70000: want at most 65533"},
		{"header-buffer-size", "100", "header-buffer-size=100: want 0, or at least 8192"},
		{"cpu-priority", "-20", ""},
		{"cpu-priority", "21", "cpu-priority=21: want a whole number from -20 to 20"},
		{"umask", "0027", ""},
		{"umask", "0028", "umask=0028: want octal digits, such as 0027"},
		{"switch-interval", "0.005", ""},
		{"switch-interval", "0", "switch-interval=0: want seconds above zero, such as 0.005"},
		{"switch-interval", "NaN", "switch-interval=NaN: want seconds above zero, such as 0.005"},
		{"home", "srv", "home=srv: want an absolute path"},
		{"python-path", "/a:/b", ""},
		{"python-path", "/a:b", "python-path=/a:b: want absolute paths with colons between"},
		{"server-metrics", "yes", "server-metrics=yes: want On or Off"},
		{"display-name", "a\nb", `display-name="a\nb": want text on one line`},
		{"user", "#1000", ""},
		{"user", "a b", "user=a b: want a user's name, or # and a number"},
	}
	for _, test := range tests {
		option, err := LookupDaemonOption(test.option, Newest)
		if err != nil {
			t.Error(err)
			continue
		}
		if diff := cmp.Diff(test.want, errorText(option.Check(test.value))); diff != "" {
			t.Errorf("%s=%s: %s", test.option, test.value, diff)
		}
	}
}
