package cli

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

// otherwise are the settings of the model that start-server has under another
// name, or not at all, with the reason.
var otherwise = map[string]string{
	"daemon":               "a server root has one daemon process group, --process-group",
	"disabled":             "a server that shall not serve is not started",
	"script":               "--entry-point",
	"module":               "--entry-point with --application-type module",
	"pass-authorization":   "mod_wsgi-express always passes it",
	"acme":                 "an authority asks at port 80 and knows public names; a server root has ports of its own: --ssl-certificate-file",
	"acme-accept-terms":    "the same",
	"acme-authority":       "the same",
	"request-read-timeout": "--header-timeout to --body-min-rate",
	"arrival":              "the sizes of a server root are made for one application: --max-clients",
	"reserve":              "the same",
}

// TestEachSettingIsHadByAll: a setting of the model is a flag of render, a key of
// wsgictl.toml, from which apply works, and an option of start-server; and there is a
// reason for each other option of start-server.
func TestEachSettingIsHadByAll(t *testing.T) {
	t.Parallel()
	options := map[string]bool{}
	for _, option := range express.Table() {
		options[option.Name] = true
	}
	site, limits := flagsOf(t, "render site"), flagsOf(t, "render limits")
	used, had := map[string]bool{}, daemonOptions()
	for _, part := range []struct {
		of    reflect.Type
		flags map[string]bool
		table string
	}{
		{reflect.TypeFor[templates.Site](), site, "[site.shop]"},
		{reflect.TypeFor[limitFlags](), limits, "[limits]"},
	} {
		for _, field := range settingsOf(part.of) {
			key := field.Tag.Get("toml")
			if !part.flags[key] && key != "disabled" { // which is about what is applied
				t.Errorf("render has no --%s", key)
			}
			if _, err := intent.Parse("wsgictl.toml", fmt.Appendf(nil, "%s\n%s = %s\n", part.table, key, valueOf(field.Type))); err != nil {
				t.Errorf("wsgictl.toml does not take %s: %v", key, err)
			}
			name := key
			if express := field.Tag.Get("express"); express != "" && express != "-" {
				name = express
			}
			switch reason := otherwise[key]; {
			case reason != "" && options[name]:
				t.Errorf("start-server has --%s, although: %s", name, reason)
			case reason == "" && !options[name]:
				t.Errorf("start-server has no --%s", name)
			}
			used[key], had[name] = true, true
		}
	}
	for key := range otherwise {
		if !used[key] {
			t.Errorf("%s is no setting of the model", key)
		}
	}
	for _, option := range express.Table() {
		reason := express.NotOfASite(option)
		if is := had[option.Name] || had[option.Daemon]; is == (reason != "") && !option.Hidden {
			t.Errorf("a site has %s: %v, although: %q", option.Name, is, reason)
		}
	}
}

// daemonOptions are those of WSGIDaemonProcess, by name.
func daemonOptions() map[string]bool {
	names := map[string]bool{}
	for _, option := range modwsgi.DaemonOptions(modwsgi.Newest) {
		names[option.Name] = true
	}
	return names
}

// TestEachOptionOfADaemonIsHadByAll is the same of WSGIDaemonProcess.
func TestEachOptionOfADaemonIsHadByAll(t *testing.T) {
	t.Parallel()
	options := map[string]bool{}
	for _, option := range express.Table() {
		options[option.Name], options[option.Daemon] = true, true
	}
	flags := flagsOf(t, "render daemon")
	for _, option := range modwsgi.DaemonOptions(modwsgi.Newest) {
		if !flags[option.Name] {
			t.Errorf("render has no --%s", option.Name)
		}
		if reason := express.Decided(option.Name); options[option.Name] == (reason != "") {
			t.Errorf("start-server has --%s: %v, although: %q", option.Name, options[option.Name], reason)
		}
	}
}

// settingsOf are the fields of a part of the model that have a key.
func settingsOf(part reflect.Type) []reflect.StructField {
	var settings []reflect.StructField
	for i := range part.NumField() {
		switch field := part.Field(i); {
		case field.Anonymous:
			settings = append(settings, settingsOf(field.Type)...)
		case field.Tag.Get("toml") != "-":
			settings = append(settings, field)
		}
	}
	return settings
}

// valueOf is a value of TOML that a field takes.
func valueOf(kind reflect.Type) string {
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	switch kind.Kind() {
	case reflect.Bool:
		return "true"
	case reflect.String:
		return `"a"`
	case reflect.Slice:
		if kind.Elem().Kind() == reflect.Struct {
			return "[]"
		}
		return `["a"]`
	}
	return "1"
}

// flagsOf are the names of the flags of a command.
func flagsOf(t *testing.T, command string) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, leaf := range newParser(t).Model.Leaves(false) {
		if strings.HasPrefix(leaf.Path(), command) || strings.Contains(leaf.Path(), " "+command) {
			for _, flag := range leaf.Flags {
				names[flag.Name] = true
			}
		}
	}
	return names
}
