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

// refuseEmpty is an error for an option whose value is empty, as that of a variable
// that a script has not set, and for a number of 0 where that means nothing: both
// would be taken for an option that is not given.
func refuseEmpty(command *kong.Context) error {
	for _, trace := range command.Path {
		flag := trace.Flag
		if flag == nil {
			continue
		}
		switch kind := flag.Target.Kind(); {
		case kind == reflect.String && strings.TrimSpace(flag.Target.String()) == "":
			return fmt.Errorf("--%s: its value is empty; give one, or leave the option out", flag.Name)
		case kind == reflect.Int && flag.Tag.Get("toml") != "" && flag.Target.Int() == 0:
			return fmt.Errorf("--%s 0: want a number above 0, or leave the option out", flag.Name)
		}
	}
	return nil
}
