package intent

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// checkGiven refuses the values that look, once decoded, as if their keys were not
// given: a text that is empty, and a number of 0 where only others mean something.
// The flags of the same names refuse them too.
func checkGiven(file string, text []byte, document reflect.Value) error {
	var given map[string]any
	if err := toml.Unmarshal(text, &given); err != nil {
		return PositionTOML(file, err)
	}
	key, why := valueOfNothing(document, given)
	if key == nil {
		return nil
	}
	return fmt.Errorf("%s:%s: %s: %s, or leave the key out", file, placeOf(text, key...), strings.Join(key, "."), why)
}

// valueOfNothing finds the first such value in a table that was decoded into a
// struct, with its key, and says what is wanted; no key where there is none.
func valueOfNothing(decoded reflect.Value, given map[string]any) (key []string, why string) {
	for i := range decoded.NumField() {
		field, value := decoded.Type().Field(i), decoded.Field(i)
		if field.Anonymous {
			if key, why = valueOfNothing(value, given); key != nil {
				return key, why
			}
			continue
		}
		for name, written := range given {
			if !strings.EqualFold(name, field.Tag.Get("toml")) { // as the decoder compares them
				continue
			}
			if key, why := valueOfNothingAt(value, written); why != "" {
				return append([]string{name}, key...), why
			}
		}
	}
	return nil, ""
}

// valueOfNothingAt looks at one value, which may be a table, or a table of tables.
func valueOfNothingAt(decoded reflect.Value, written any) (key []string, why string) {
	switch table, _ := written.(map[string]any); decoded.Kind() {
	case reflect.Int:
		if decoded.Int() == 0 {
			return nil, "0 means nothing here; want a number above 0"
		}
	case reflect.String:
		if strings.TrimSpace(decoded.String()) == "" {
			return nil, "its value is empty; give one"
		}
	case reflect.Pointer:
		if !decoded.IsNil() && decoded.Elem().Kind() == reflect.Struct {
			return valueOfNothing(decoded.Elem(), table)
		}
	case reflect.Struct:
		return valueOfNothing(decoded, table)
	case reflect.Map:
		for _, name := range slices.Sorted(maps.Keys(table)) {
			if key, why := valueOfNothingAt(decoded.MapIndex(reflect.ValueOf(name)), table[name]); why != "" {
				return append([]string{name}, key...), why
			}
		}
	}
	return nil, ""
}
