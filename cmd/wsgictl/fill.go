package main

import "reflect"

// fill gives target, and the fields of a struct one by one, the value of
// source where it has none of its own: flags win over the file.
func fill[T any](target *T, source T) {
	fillValue(reflect.ValueOf(target).Elem(), reflect.ValueOf(source))
}

func fillValue(target, source reflect.Value) {
	if target.Kind() == reflect.Struct {
		for i := range target.NumField() {
			fillValue(target.Field(i), source.Field(i))
		}
		return
	}
	if target.IsZero() {
		target.Set(source)
	}
}
