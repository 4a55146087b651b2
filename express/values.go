package express

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// check refuses options that exclude each other, and values that Apache or mod_wsgi
// would not take, on whatever machine.
func (c Command) check(who identity) error {
	return cmp.Or(
		checkNumbers(c.Options), checkValues(c.Options), checkWords(c.Options),
		checkAccess(c.Access), checkDaemonOptions(c.Daemon, c.mode(), who))
}

// checkNumbers refuses whole numbers that Apache or mod_wsgi would not take.
func checkNumbers(options Options) error {
	o := reflect.ValueOf(options)
	for _, option := range Table() {
		if option.Kind != reflect.Int {
			continue
		}
		field := o.FieldByIndex(option.index)
		if field.Kind() == reflect.Pointer {
			if field.IsNil() {
				continue
			}
			field = field.Elem()
		}
		switch value := int(field.Int()); {
		case value < option.Min:
			return fmt.Errorf("--%s %d: want at least %d", option.Name, value, option.Min)
		case value > option.Max:
			return fmt.Errorf("--%s %d: want at most %d", option.Name, value, option.Max)
		}
	}
	return nil
}

// limitOf reads one of the tags min and max.
func limitOf(tag string, otherwise int) int {
	if limit, err := strconv.Atoi(tag); err == nil {
		return limit
	}
	return otherwise
}

var hostName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[^\s/:@?#\[\]]+$`) })

// checkWords refuses words that Apache would not take, or that could match
// nothing.
func checkWords(o Options) error {
	for _, check := range []func() error{o.Logs.Check, o.CheckOverrides, o.Requests.Check, o.CheckStatuses} {
		if err := check(); err != nil {
			return fmt.Errorf("--%w", err)
		}
	}
	aliases := strings.Fields(strings.Join(o.ServerAliases, " ")) // as ServerAlias takes several
	for option, names := range map[string][]string{"server-name": {o.ServerName}, "server-alias": aliases} {
		for _, name := range names {
			if name != "" && !hostName().MatchString(name) {
				return fmt.Errorf("--%s %s: want a host name alone, such as www.example.org, without http:// and port", option, name)
			}
		}
	}
	return checkURLPaths(o)
}

// checkURLPaths refuses paths that no request has.
func checkURLPaths(o Options) error {
	paths := map[string][]string{"ssl-verify-client": o.SSLVerifyClient}
	for _, alias := range o.URLAlias {
		paths["url-alias"] = append(paths["url-alias"], alias.URL)
	}
	for _, proxy := range o.ProxyMountPoint {
		paths["proxy-mount-point"] = append(paths["proxy-mount-point"], proxy.URL)
	}
	for option, paths := range paths {
		for _, path := range paths {
			if !strings.HasPrefix(path, "/") {
				return fmt.Errorf("--%s %s: want the path of a URL, which begins with /", option, path)
			}
		}
	}
	return nil
}

var bareWords = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\w:=.+,* -]+$`) })

func checkValues(o Options) error {
	for name, value := range map[string]*float64{
		"initial-workers": o.InitialWorkers, "minimum-spare-workers": o.MinimumSpareWorkers, "maximum-spare-workers": o.MaximumSpareWorkers,
	} {
		if value != nil && (*value < 0 || *value > 1) {
			return fmt.Errorf("--%s %g: want a fraction from 0 to 1", name, *value)
		}
	}
	for _, words := range o.TelemetryOptions {
		if !bareWords().MatchString(words) {
			return fmt.Errorf("--telemetry-options %q: want words", words)
		}
	}
	switch {
	case o.SwitchInterval != nil && *o.SwitchInterval <= 0:
		return fmt.Errorf("--switch-interval %g: want more than 0", *o.SwitchInterval)
	case !oneOf(o.AuthType, "basic", "digest"):
		return fmt.Errorf("--auth-type %s: want Basic or Digest", o.AuthType)
	case o.DebuggerStartup && !o.EnableDebugger:
		return errors.New("--debugger-startup needs --enable-debugger")
	case o.EmbeddedMode && o.debugging():
		return errors.New("--embedded-mode: debug mode has an application process of its own; leave one out")
	}
	return nil
}

func oneOf(value string, wanted ...string) bool {
	for _, w := range wanted {
		if strings.EqualFold(value, w) {
			return true
		}
	}
	return false
}
