package cli

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/wsgictl/wsgictl/templates"
)

// pairFlags are the flags of two words, such as "--url-alias URL PATH", which may be
// given again.
var pairFlags = kong.OptionFunc(func(parser *kong.Kong) error {
	return errors.Join(
		pairs[templates.Alias]().Apply(parser), pairs[templates.Proxy]().Apply(parser),
		pairs[templates.ErrorDocument]().Apply(parser), pairs[templates.Variable]().Apply(parser),
	)
})

// pairs reads the two words of a flag into the first two fields of a struct, by
// whose keys in wsgictl.toml messages call them.
func pairs[T any]() kong.Option {
	return kong.TypeMapper(reflect.TypeFor[[]T](), kong.MapperFunc(func(ctx *kong.DecodeContext, target reflect.Value) error {
		pair := reflect.New(reflect.TypeFor[T]()).Elem()
		key := func(i int) string { return strings.ToUpper(pair.Type().Field(i).Tag.Get("toml")) }
		for i := range 2 {
			word, err := ctx.Scan.PopValue(key(i))
			if err != nil {
				return fmt.Errorf("want two words, %s and %s; %s is missing", key(0), key(1), key(i))
			}
			if err := setWord(pair.Field(i), word.String()); err != nil {
				return err
			}
		}
		target.Set(reflect.Append(target, pair))
		return nil
	}))
}

func setWord(field reflect.Value, word string) error {
	if field.Kind() != reflect.Int {
		field.SetString(word)
		return nil
	}
	number, err := strconv.Atoi(word)
	if err != nil {
		return fmt.Errorf("%q: want a whole number", word)
	}
	field.SetInt(int64(number))
	return nil
}
