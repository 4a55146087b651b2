package intent

import "reflect"

// Given are the names of the flags that stand on a command line. A flag that is not
// there and one whose value is false or 0 look alike in a struct.
type Given map[string]bool

// Merge completes the struct that target points to, whose flags were parsed, with
// what a file says in another struct of that type: a flag that was given wins,
// whatever its value. The fields are known by their keys in the file, which are the
// names of the flags; those without a key stay.
func (g Given) Merge(target, file any) {
	g.merge(reflect.ValueOf(target).Elem(), reflect.ValueOf(file))
}

func (g Given) merge(target, file reflect.Value) {
	for i := range target.NumField() {
		field := target.Type().Field(i)
		key := field.Tag.Get("toml")
		switch {
		case field.Anonymous && key == "":
			g.merge(target.Field(i), file.Field(i))
		case key != "" && key != "-" && !g[key]:
			target.Field(i).Set(file.Field(i))
		}
	}
}
