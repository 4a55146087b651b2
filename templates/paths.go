package templates

import (
	"reflect"
	"slices"
)

// Paths are the settings of a part of the model that are the path of a file or a
// folder, as their placeholders say, those of its lists too. A relative one is
// the caller's to complete. part points to a struct.
func Paths(part any) []*string { return pathsOf(reflect.ValueOf(part).Elem()) }

func pathsOf(part reflect.Value) []*string {
	var paths []*string
	for i := range part.NumField() {
		field, described := part.Field(i), part.Type().Field(i)
		switch {
		case field.Kind() == reflect.Struct:
			paths = append(paths, pathsOf(field)...)
		case field.Kind() == reflect.Slice && field.Type().Elem().Kind() == reflect.Struct:
			for j := range field.Len() {
				paths = append(paths, pathsOf(field.Index(j))...)
			}
		case field.Kind() == reflect.String && slices.Contains([]string{"FILE", "DIR"}, described.Tag.Get("placeholder")):
			paths = append(paths, field.Addr().Interface().(*string))
		}
	}
	return paths
}
