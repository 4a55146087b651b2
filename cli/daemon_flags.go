package cli

import (
	"cmp"
	"fmt"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// newDaemonFlags makes a flag of every daemon process option that any release
// knows; those that are gone stay hidden, and give the reason when used. The
// struct behind them is made from the option table, so that an option of a new
// release needs nothing here.
func newDaemonFlags() kong.Plugins {
	var fields []reflect.StructField
	for i, option := range modwsgi.DaemonOptions(modwsgi.Release{}) {
		fields = append(fields, reflect.StructField{
			Name: fmt.Sprintf("Option%d", i),
			Type: reflect.TypeFor[string](),
			Tag:  daemonFlagTag(option),
		})
	}
	return kong.Plugins{reflect.New(reflect.StructOf(fields)).Interface()}
}

func daemonFlagTag(option modwsgi.DaemonOption) reflect.StructTag {
	unit, _, _ := strings.Cut(option.Kind.String(), " ")
	tag := fmt.Sprintf(`name:%q placeholder:%q group:"daemon" help:%q`, option.Name, strings.ToUpper(unit), daemonFlagHelp(option))
	if !option.Removed.IsZero() {
		tag += ` hidden:""`
	}
	return reflect.StructTag(tag)
}

// derived is where the value of an option comes from when nobody gives it and
// neither the profile nor mod_wsgi decides.
var derived = map[string]string{
	"group":           "as the user",
	"home":            "the script's folder",
	"python-home":     "the virtualenv",
	"request-timeout": "what --recovery comes to",
}

func daemonFlagHelp(option modwsgi.DaemonOption) string {
	value := cmp.Or(derived[option.Name], option.Recommended, option.Default)
	return fmt.Sprintf("%s (default: %s).", strings.ToUpper(option.Meaning[:1])+option.Meaning[1:], value)
}

// daemonSettings are the options that were given as flags.
func daemonSettings(flags kong.Plugins) []modwsgi.Setting {
	var settings []modwsgi.Setting
	values := reflect.ValueOf(flags[0]).Elem()
	for i := range values.NumField() {
		if value := values.Field(i).String(); value != "" {
			name := values.Type().Field(i).Tag.Get("name")
			settings = append(settings, modwsgi.Setting{Name: name, Value: value})
		}
	}
	return settings
}
