package modwsgi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// asked are values of each kind about which the table and the module could
// disagree. Names are of accounts that every Debian has.
var asked = map[modwsgi.Kind][]string{
	modwsgi.Text:         {"", "text", "#"},
	modwsgi.Count:        {"", "3", "-1", "5x", "x", "+4", " 7", "4294967297", "99999999999999999999"},
	modwsgi.Seconds:      {"", "60", "60s", "-5"},
	modwsgi.Milliseconds: {"", "5", "off", "-5"},
	modwsgi.Interval:     {"", "0.005", "1e-3", "0", "-1", "1s", "x", "1e999"},
	modwsgi.Bytes:        {"", "1048576", "1m", "-1", "4294967297"},
	modwsgi.Nice:         {"", "-5", "99", "x"},
	modwsgi.Octal:        {"", "0027", "27", "999", "0x1f", "-1", "77777", "+22", "0o22"},
	modwsgi.OnOff:        {"", "on", "OFF", "yes", "1"},
	modwsgi.User:         {"", "daemon", "#1", "root", "#0", "#x"},
	modwsgi.Group:        {"", "daemon", "root"},
	modwsgi.Groups:       {"", "daemon,bin", "daemon,"},
	modwsgi.Locale:       {"", "C.UTF-8", "no such"},
	modwsgi.Path:         {"", "/srv/app", "relative/dir", "~/app"},
	modwsgi.Paths:        {"", "/srv/app:lib"},
	modwsgi.Keyword:      {"on", "Off", "auto", "maybe"},
	modwsgi.Threshold:    {"0", "1.5", "-0.5", "x", "2s"},
	modwsgi.HashSeed:     {"random", "Random", "0", "4294967295", "4294967296", "-1", "+1", "99999999999999999999", "x", "5x"},
	modwsgi.Socket:       {"unix:/run/s", "unix:", "/run/s", "udp:localhost:1"},
	modwsgi.Address: {
		"127.0.0.1", "10.0.0.0/8", "10.1.2.3/8", "10.0.0.0/255.0.0.0", "10.", "10", "192.168", "1.2.3.256", "1.2.3.4.5", "1.2.3.4/33", "1.2.3.4/0",
		"1.2.3.4/-1", "1.2.3.4/", "/8", "localhost", "*", "::1", "fe80::/10", "FE80::1", "::1/129", "::1/0", "1:2", "::ffff:1.2.3.4", "", "10./8", "10/8",
		"010.1.1.1", "10..1", "10.0.0.0/8/8", "::/255.0.0.0", "1.2.3.4/10",
	},
}

// ask holds a verdict of the table against the module. What it accepts is kept
// for one question about all of it.
func ask(t *testing.T, load, text string, refused error, good *strings.Builder) {
	t.Helper()
	if refused == nil {
		good.WriteString(text)
		return
	}
	refuses(t, load, text, "Syntax error")
}

func TestValuesOfDaemonOptionsAreRefusedAsTheTableSays(t *testing.T) {
	eachRelease(t, func(t *testing.T, r modwsgi.Release, load string) {
		var good strings.Builder
		for _, o := range modwsgi.DaemonOptions(r) {
			for i, value := range asked[o.Kind] {
				ask(t, load, fmt.Sprintf("WSGIDaemonProcess %s-%d %s=%q\n", o.Name, i, o.Name, value), o.Refuses(value), &good)
			}
		}
		accepts(t, load, good.String())
	})
}

func TestValuesOfScriptOptionsAreRefusedAsTheTableSays(t *testing.T) {
	eachRelease(t, func(t *testing.T, r modwsgi.Release, load string) {
		load += "WSGIDaemonProcess text\nWSGIDaemonProcess \"#\"\n"
		var good strings.Builder
		for _, o := range modwsgi.ScriptOptions("", r) {
			d, err := modwsgi.LookupDirective(o.Directive, r)
			if err != nil || d.Section {
				continue
			}
			for _, value := range asked[o.Kind] {
				text := withOptions(d, required(d.Name, r, o.Name)+o.Name+"="+quoted(o, value))
				ask(t, load, text, o.Refuses(value), &good)
			}
		}
		accepts(t, load, good.String())
	})
}

func TestValuesOfDirectivesAreRefusedAsTheTableSays(t *testing.T) {
	eachRelease(t, func(t *testing.T, r modwsgi.Release, load string) {
		var good strings.Builder
		for _, d := range modwsgi.Directives(r) {
			if d.Leading > 0 || d.Section || !here(d) || d.Name == "WSGIAcceptMutex" {
				continue
			}
			for _, value := range asked[d.Kind] {
				if value == "" && d.Form != modwsgi.RawArgs {
					continue // Apache itself refuses it
				}
				a := modwsgi.Arguments{Words: []string{value}}
				ask(t, load, placed(d, a), d.Refuses(a), &good)
			}
		}
		accepts(t, load, good.String())
	})
}

func TestArgumentsAreRefusedAsTheTableSays(t *testing.T) {
	option := func(name, value string) []modwsgi.Option { return []modwsgi.Option{{Name: name, Value: value}} }
	lines := []modwsgi.Arguments{
		{}, {Words: []string{""}}, {Words: []string{"/a"}}, {Words: []string{"/a", ""}}, {Words: []string{"/a", "/b"}},
		{Words: []string{"/a", "/b"}, Rest: "# comment"}, {Words: []string{"/a", "/b"}, Rest: "application-group = text"},
		{Words: []string{"/a", "/b"}, Rest: "=x"}, {Words: []string{"/a", "/b"}, Rest: "\u00a0"}, {Words: []string{"/a", "/b"}, Options: option("application-group", "text"), Rest: "other"},
		{Words: []string{"/a"}, Options: option("application-group", "text")},
		{Words: []string{"/a"}, Options: option("process-group", "%{GLOBAL}")},
		{Words: []string{"/a"}, Options: append(option("process-group", "%{GLOBAL}"), option("application-group", "x")...)},
		{Words: []string{"/a"}, Options: append(option("script-user", "daemon"), option("script-group", "daemon")...)},
		{Words: []string{"+CaptureUserAgent"}}, {Words: []string{"captureuseragent", "None"}}, {Words: []string{"+CaptureUserAgent", "None"}},
		{Words: []string{"+All"}}, {Words: []string{"-"}}, {Words: []string{"All"}}, {Words: []string{"Nothing"}}, {Words: []string{"None", "", "x"}},
		{Words: []string{"unix:/run/s", "interval=2s"}}, {Words: []string{"unix:/run/s", "interval=0.4"}}, {Words: []string{"unix:/run/s", "other=1"}},
		{Words: []string{"unix:/run/s", "interval"}}, {Words: []string{"process-group=a", "Application-Group=b"}}, {Words: []string{"process-group=a", "PROCESS-GROUP=b"}},
		{Words: []string{"process-group="}}, {Words: []string{"process-group"}}, {Words: []string{"a=b"}},
	}
	eachRelease(t, func(t *testing.T, r modwsgi.Release, load string) {
		var good strings.Builder
		for _, d := range modwsgi.Directives(r) {
			if d.Form == modwsgi.Take1 || !here(d) || d.Kind == modwsgi.Address {
				continue
			}
			for i, a := range lines {
				if d.Leading > 0 {
					a.Words = a.Words[:min(len(a.Words), d.Leading)]
				}
				if !fits(d, a, r) {
					continue
				}
				if d.Name == "WSGIDaemonProcess" && len(a.Words) > 0 && a.Words[0] != "" {
					a.Words = []string{fmt.Sprint("group-", i)} // a name serves once
				}
				ask(t, load, placed(d, a), d.Refuses(a), &good)
			}
		}
		accepts(t, load, good.String())
	})
}

// quoted is the value of an option as it is written: the argument of
// WSGITelemetryService is one word, in which quotes stand for themselves.
func quoted(o modwsgi.ScriptOption, value string) string {
	if o.Directive == "WSGITelemetryService" {
		return value
	}
	return fmt.Sprintf("%q", value)
}

// fits tells whether the arguments are of the directive's shape, with options
// that the release has: others are not for Refuses to judge.
func fits(d modwsgi.Directive, a modwsgi.Arguments, r modwsgi.Release) bool {
	for _, option := range a.Options {
		_, err := modwsgi.LookupScriptOption(d.Name, option.Name, r)
		if d.Name == "WSGIDaemonProcess" {
			_, err = modwsgi.LookupDaemonOption(option.Name, r)
		}
		if err != nil {
			return false
		}
	}
	switch {
	case d.Name == "WSGIScriptAliasMatch" && len(a.Words) > 0 && strings.HasPrefix(a.Words[0], "+"):
		return false // no regular expression
	case d.Form == modwsgi.Take12:
		return len(a.Words) > 0 && a.Words[0] != "" && a.Rest == "" && len(a.Options) == 0
	case d.Leading > 0:
		return len(a.Words) == d.Leading || a.Rest == "" && len(a.Options) == 0
	}
	return a.Rest == "" && len(a.Options) == 0
}

// placed is a directive with arguments, where it may stand.
func placed(d modwsgi.Directive, a modwsgi.Arguments) string {
	var words []string
	for _, word := range a.Words {
		words = append(words, fmt.Sprintf("%q", word))
	}
	for _, option := range a.Options {
		words = append(words, fmt.Sprintf("%s=%q", option.Name, option.Value))
	}
	d.Example = strings.Join(append(words, a.Rest), " ")
	if d.Contexts.Has(modwsgi.ServerConfig) {
		return written(d) + "\n"
	}
	return fmt.Sprintf(places[modwsgi.PerDirectory], written(d))
}
