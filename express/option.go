package express

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/templates"
)

// A Option is one row of the table of options.
type Option struct {
	Name       string // without dashes
	Alias      string // a second name for it, hidden
	Group      string // the type of Options.go that holds it: "Listening"
	Values     []string
	Repeatable bool
	Kind       reflect.Kind // of one value: Bool, String, Int or Float64
	Min, Max   int          // of a whole number
	Default    string
	Help       string
	Hidden     bool
	Own        bool   // not an option of mod_wsgi-express
	AsRoot     bool   // names what is read, run or written as root, where root starts the server
	Daemon     string // the WSGIDaemonProcess option that it sets

	index []int // of its field in Options
}

// Arity is how many values follow the option.
func (o Option) Arity() int { return len(o.Values) }

// Table gives all options, group by group.
func Table() []Option {
	var table []Option
	groups := reflect.TypeFor[Options]()
	for g := range groups.NumField() {
		group := groups.Field(g)
		table = append(table, rows(group.Name, group.Type, []int{g})...)
	}
	return append(table, daemonRows(table)...)
}

// rows are those of a group, and of the parts of the model that it has.
func rows(group string, fields reflect.Type, index []int) []Option {
	var table []Option
	for f := range fields.NumField() {
		field, at := fields.Field(f), append(slices.Clone(index), f)
		switch {
		case field.Anonymous:
			table = append(table, rows(group, field.Type, at)...)
		case nameOf(field.Tag) != "-":
			row := newOption(field)
			row.Group, row.index = group, at
			row.Default = cmp.Or(row.Default, defaultOf(at))
			table = append(table, row)
		}
	}
	return table
}

// nameOf is the name of an option: mod_wsgi-express's own, or that of the model,
// which is its key in wsgictl.toml.
func nameOf(tag reflect.StructTag) string {
	return cmp.Or(tag.Get("express"), tag.Get("name"), tag.Get("toml"))
}

// modelDefault is the end of a text of the model's help: the default of render and
// apply, which is not that of mod_wsgi-express.
var modelDefault = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(` \(default: [^()]*\)`) })

func newOption(field reflect.StructField) Option {
	tag := field.Tag
	o := Option{
		Name: nameOf(tag), Alias: tag.Get("alias"), Values: strings.Fields(tag.Get("placeholder")),
		Default: tag.Get("default"), Help: modelDefault().ReplaceAllString(tag.Get("help"), ""), Daemon: tag.Get("daemon"),
		Min: limitOf(tag.Get("min"), 0), Max: limitOf(tag.Get("max"), templates.GreatestNumber),
		Hidden: tag.Get("hidden") != "", Own: tag.Get("own") != "", AsRoot: tag.Get("asroot") != "",
	}
	o.Help = cmp.Or(helps[o.Name], o.Help)
	element := field.Type
	switch element.Kind() {
	case reflect.Slice:
		o.Repeatable = true
		element = element.Elem()
		switch element.Kind() {
		case reflect.Array:
			element = element.Elem()
		case reflect.Struct: // of several values
			element = reflect.TypeFor[string]()
		}
	case reflect.Pointer:
		element = element.Elem()
	}
	if o.Kind = element.Kind(); o.Kind == reflect.Int64 {
		o.Kind = reflect.Int
	}
	return o
}

// set stores one use of the option. An error names the value and what would
// have been right.
func (o Option) set(options *Options, values []string) error {
	field := reflect.ValueOf(options).Elem().FieldByIndex(o.index)
	switch {
	case o.Kind == reflect.Bool && field.Kind() == reflect.Pointer:
		field.Set(reflect.ValueOf(new(true)))
		return nil
	case o.Kind == reflect.Bool:
		field.SetBool(true)
		return nil
	case o.Repeatable && field.Type().Elem().Kind() == reflect.Struct:
		part := reflect.New(field.Type().Elem()).Elem()
		for i, value := range values {
			if err := o.setScalar(part.Field(i), value); err != nil {
				return err
			}
		}
		field.Set(reflect.Append(field, part))
		return nil
	case o.Repeatable && len(values) == 2:
		field.Set(reflect.Append(field, reflect.ValueOf([2]string(values))))
		return nil
	case o.Repeatable:
		field.Set(reflect.Append(field, reflect.ValueOf(values[0])))
		return nil
	case field.Kind() == reflect.Pointer:
		field.Set(reflect.New(field.Type().Elem()))
		field = field.Elem()
	}
	return o.setScalar(field, values[0])
}

func (o Option) setScalar(field reflect.Value, value string) error {
	switch field.Kind() {
	case reflect.Int, reflect.Int64:
		number, err := strconv.ParseInt(value, 0, 64)
		if err != nil {
			return fmt.Errorf("--%s %q: want a whole number", o.Name, value)
		}
		field.SetInt(number)
	case reflect.Float64:
		number, err := strconv.ParseFloat(value, 64)
		if err != nil || math.IsNaN(number) || math.IsInf(number, 0) {
			return fmt.Errorf("--%s %q: want a number", o.Name, value)
		}
		field.SetFloat(number)
	default:
		field.SetString(value)
	}
	return nil
}
