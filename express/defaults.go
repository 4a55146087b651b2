package express

import (
	"fmt"
	"reflect"
)

// defaults are mod_wsgi-express's own values of settings of the model: a layer
// over it, as wsgictl.toml and flags are for a site.
func defaults() Options {
	var o Options
	o.HTTPSOnly = new(false)
	return o
}

// defaultOf is the default of a setting of the model, as it would be typed; empty
// for none.
func defaultOf(index []int) string {
	field := reflect.ValueOf(defaults()).FieldByIndex(index)
	if field.Kind() == reflect.Pointer && !field.IsNil() {
		field = field.Elem()
	}
	if field.IsZero() {
		return ""
	}
	return fmt.Sprint(field.Interface())
}
