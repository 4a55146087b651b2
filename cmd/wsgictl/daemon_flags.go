package main

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// newDaemonFlags makes a flag of every daemon process option that any release
// knows; those that are gone stay hidden and give the reason when used. The
// struct behind them is made from the option table, so that an option of a new
// release needs nothing here.
func newDaemonFlags() kong.Plugins {
	var fields []reflect.StructField
	for _, option := range modwsgi.DaemonOptions(modwsgi.Release{}) {
		fields = append(fields, reflect.StructField{
			Name: strings.ReplaceAll(strings.Title(option.Name), "-", ""),
			Type: reflect.TypeFor[string](),
			Tag:  daemonFlagTag(option),
		})
	}
	return kong.Plugins{reflect.New(reflect.StructOf(fields)).Interface()}
}

func daemonFlagTag(option modwsgi.DaemonOption) reflect.StructTag {
	tag := fmt.Sprintf(`name:%q placeholder:%q group:"daemon" help:%q`, option.Name, strings.ToUpper(option.Kind.String()), daemonFlagHelp(option))
	if !option.Removed.IsZero() {
		tag += ` hidden:""`
	}
	return reflect.StructTag(tag)
}

func daemonFlagHelp(option modwsgi.DaemonOption) string {
	value := "default: " + option.Default
	if option.Recommended != "" {
		value = "recommended: " + option.Recommended
	}
	return fmt.Sprintf("%s (%s).", upperFirst(option.Reason), value)
}

func upperFirst(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
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
