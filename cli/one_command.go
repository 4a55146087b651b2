package cli

import (
	"os"
	"reflect"
	"strings"
)

// commandsFor gives the commands that a command line needs: the one that it
// names first, else all. kong makes a model of each command and flag that it
// is given, and the model of all takes longer (8 ms) than most commands do.
func commandsFor(args []string) any {
	completing := os.Getenv("COMP_LINE") != ""
	if len(args) > 0 && !completing {
		for i := range reflect.TypeFor[commandLine]().NumField() {
			field := reflect.TypeFor[commandLine]().Field(i)
			if strings.EqualFold(strings.ReplaceAll(args[0], "-", ""), field.Name) {
				return oneCommand(field)
			}
		}
	}
	return &commandLine{Render: newRenderCommand()}
}

// oneCommand makes a struct like commandLine with a single field.
func oneCommand(field reflect.StructField) any {
	one := reflect.New(reflect.StructOf([]reflect.StructField{field}))
	if field.Type == reflect.TypeFor[renderCommand]() {
		one.Elem().Field(0).Set(reflect.ValueOf(newRenderCommand()))
	}
	return one.Interface()
}
