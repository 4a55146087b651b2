package cli

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/wsgictl/wsgictl/templates"
)

// noneOf writes each kind of option as "false", 0 or "", which is something else
// than leaving it out.
var noneOf = map[reflect.Type]string{
	reflect.TypeFor[bool]():     "=false",
	reflect.TypeFor[*bool]():    "=false",
	reflect.TypeFor[int]():      "=0",
	reflect.TypeFor[*int]():     "=0",
	reflect.TypeFor[*int64]():   "=0",
	reflect.TypeFor[string]():   "=",
	reflect.TypeFor[[]string](): "=",

	reflect.TypeFor[[]templates.Alias]():         "=/static /srv/static", // of two words there is no nothing
	reflect.TypeFor[[]templates.Proxy]():         "=/api http://127.0.0.1:5000/",
	reflect.TypeFor[[]templates.ErrorDocument](): "=404 /lost",
	reflect.TypeFor[[]templates.Variable]():      "=KEY value",
}

func TestFlagOfNothingWinsOverTheFileOrIsRefused(t *testing.T) {
	t.Parallel()
	parser := newParser(t)
	found := 0
	for _, command := range parser.Model.Leaves(false) {
		for _, flag := range command.Flags {
			if flag.Tag.Get("toml") == "" || flag.Tag.Get("toml") == "-" {
				continue
			}
			found++
			t.Run(command.Path()+" --"+flag.Name, func(t *testing.T) {
				if flag.HasDefault {
					t.Error("has a default of kong's, which would win over the file")
				}
				if key := flag.Tag.Get("toml"); key != flag.Name {
					t.Errorf("its key in the file is %s", key)
				}
				none, known := noneOf[flag.Target.Type()]
				if !known {
					t.Fatalf("how is nothing written as %v?", flag.Target.Type())
				}
				line := strings.Fields(command.Path())
				for range command.Positional {
					line = append(line, "name")
				}
				words := strings.SplitN("--"+flag.Name+none, " ", 2)
				winsOrIsRefused(t, append(line, words...), flag.Name)
			})
		}
	}
	if found < 20 {
		t.Errorf("found %d flags with a key", found)
	}
}

func newParser(t *testing.T) *kong.Kong {
	t.Helper()
	parser, err := kong.New(&commandLine{Render: newRenderCommand()}, kong.ExplicitGroups(groups), pairFlags, kong.Exit(func(int) {}),
		kong.Writers(&bytes.Buffer{}, &bytes.Buffer{}))
	if err != nil {
		t.Fatal(err)
	}
	return parser
}

// winsOrIsRefused parses a command line, fills in a file that says something for
// every key, and wants the flag as it was parsed.
func winsOrIsRefused(t *testing.T, line []string, name string) {
	t.Helper()
	parser := newParser(t)
	command, err := parser.Parse(line)
	if err != nil {
		t.Fatal(err)
	}
	if refuseEmpty(command) != nil {
		return
	}
	for _, trace := range command.Path {
		if trace.Flag == nil {
			continue
		}
		target := trace.Flag.Target
		before := reflect.New(target.Type()).Elem()
		before.Set(target)
		owner := structOf(command.Selected().Target, target)
		source := reflect.New(owner.Type()).Elem()
		setAll(source)
		merged := reflect.NewAt(owner.Type(), owner.Addr().UnsafePointer()).Interface() // kong embeds structs that are not exported
		givenOn(command).Merge(merged, source.Interface())
		if !reflect.DeepEqual(before.Interface(), target.Interface()) {
			t.Errorf("%s: %v was given, and the file's %v is used", name, before, target)
		}
		if others := owner.NumField(); others > 1 && allAsBefore(owner, source, target) {
			t.Error("nothing was taken from the file")
		}
		return
	}
	t.Fatal("the flag is not on the command line")
}

// structOf is the innermost struct that has a field at the place of target.
func structOf(in, target reflect.Value) reflect.Value {
	for i := range in.NumField() {
		field := in.Field(i)
		if field.Addr().Pointer() == target.Addr().Pointer() && field.Type() == target.Type() {
			return in
		}
		if field.Kind() == reflect.Struct {
			if found := structOf(field, target); found.IsValid() {
				return found
			}
		}
	}
	return reflect.Value{}
}

// setAll gives each field of a struct a value that is not its zero.
func setAll(value reflect.Value) {
	for i := range value.NumField() {
		field := value.Field(i)
		switch {
		case !field.CanSet():
		case field.Kind() == reflect.Struct:
			setAll(field)
		case field.Kind() == reflect.String:
			field.SetString("of the file")
		case field.Kind() == reflect.Int:
			field.SetInt(7)
		case field.Kind() == reflect.Bool:
			field.SetBool(true)
		case field.Kind() == reflect.Slice:
			field.Set(reflect.MakeSlice(field.Type(), 1, 1))
		case field.Type() == reflect.TypeFor[*bool]():
			field.Set(reflect.ValueOf(new(true)))
		case field.Type() == reflect.TypeFor[*int]():
			field.Set(reflect.ValueOf(new(7)))
		case field.Type() == reflect.TypeFor[*int64]():
			field.Set(reflect.ValueOf(new(int64(7))))
		}
	}
}

// allAsBefore tells whether no field but target has the value of source.
func allAsBefore(owner, source, target reflect.Value) bool {
	for i := range owner.NumField() {
		field := owner.Field(i)
		key := owner.Type().Field(i).Tag.Get("toml")
		if key != "" && key != "-" && field.Addr().Pointer() != target.Addr().Pointer() && reflect.DeepEqual(field.Interface(), source.Field(i).Interface()) {
			return false
		}
	}
	return true
}
