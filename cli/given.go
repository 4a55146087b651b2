package cli

import (
	"fmt"
	"reflect"

	"github.com/alecthomas/kong"
)

// given are the names of the options that stand on the command line. A flag that
// is not there and one whose value is false or 0 look alike in a command's fields.
type given map[string]bool

func givenOn(command *kong.Context) given {
	names := given{}
	for _, trace := range command.Path {
		if trace.Flag != nil {
			names[trace.Flag.Name] = true
		}
	}
	return names
}

// fill completes target, whose flags were parsed, with what the file source says:
// a flag that was given wins, whatever its value. The fields are known by their
// keys in the file, which are the names of the flags.
func fill[T any](target *T, source T, flags given) {
	flags.fill(reflect.ValueOf(target).Elem(), reflect.ValueOf(source))
}

func (g given) fill(target, source reflect.Value) {
	for i := range target.NumField() {
		field := target.Type().Field(i)
		key := field.Tag.Get("toml")
		switch {
		case field.Anonymous && key == "":
			g.fill(target.Field(i), source.Field(i))
		case key != "" && key != "-" && !g[key]:
			target.Field(i).Set(source.Field(i))
		}
	}
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
		case kind == reflect.String && flag.Target.String() == "":
			return fmt.Errorf("--%s: its value is empty; give one, or leave the option out", flag.Name)
		case kind == reflect.Int && flag.Tag.Get("toml") != "" && flag.Target.Int() == 0:
			return fmt.Errorf("--%s 0: want a number above 0, or leave the option out", flag.Name)
		}
	}
	return nil
}
