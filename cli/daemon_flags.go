package cli

import (
	"fmt"
	"reflect"

	"github.com/alecthomas/kong"

	"github.com/wsgictl/wsgictl/intent"
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
	tag := fmt.Sprintf(`name:%q placeholder:%q group:"daemon" help:%q`, option.Name, option.Kind.Placeholder(), daemonFlagHelp(option))
	if !option.Removed.IsZero() {
		tag += ` hidden:""`
	}
	return reflect.StructTag(tag)
}

func daemonFlagHelp(option modwsgi.DaemonOption) string {
	return fmt.Sprintf("%s (default: %s).", option.Sentence(), intent.DaemonDefault(option))
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
