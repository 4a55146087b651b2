package cli

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/wsgictl/wsgictl/intent"
)

// givenOn are the names of the options that stand on a command line.
func givenOn(command *kong.Context) intent.Given {
	names := intent.Given{}
	for _, trace := range command.Path {
		if trace.Flag != nil {
			names[trace.Flag.Name] = true
		}
	}
	return names
}

// refuseEmpty is an error for a value that is empty, as that of a variable that a
// script has not set, and for a number of 0 where that means nothing: both would be
// taken for what is not given.
func refuseEmpty(command *kong.Context) error {
	for _, trace := range command.Path {
		if argument := trace.Positional; argument != nil && !argument.Passthrough && hasEmpty(argument.Target) {
			return fmt.Errorf("<%s>: its value is empty; give one, or leave the argument out", argument.Name)
		}
		flag := trace.Flag
		if flag == nil {
			continue
		}
		switch kind := flag.Target.Kind(); {
		case kind == reflect.String && hasEmpty(flag.Target):
			return fmt.Errorf("--%s: its value is empty; give one, or leave the option out", flag.Name)
		case kind == reflect.Int && flag.Tag.Get("toml") != "" && flag.Target.Int() == 0:
			return fmt.Errorf("--%s 0: want a number above 0, or leave the option out", flag.Name)
		}
	}
	return nil
}

// hasEmpty tells whether a text, or one of a list of texts, is empty.
func hasEmpty(value reflect.Value) bool {
	switch value.Kind() {
	case reflect.String:
		return strings.TrimSpace(value.String()) == ""
	case reflect.Slice:
		for i := range value.Len() {
			if hasEmpty(value.Index(i)) {
				return true
			}
		}
	}
	return false
}
