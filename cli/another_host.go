package cli

import (
	"fmt"
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// diagnostics are those of a configuration, after the note about one that is of
// another host.
func diagnostics(config *conf.Config) []conf.Diagnostic {
	if !config.IsOfAnotherHost() {
		return config.Diagnostics
	}
	return slices.Concat([]conf.Diagnostic{anotherHostNote(config)}, config.Diagnostics)
}

func anotherHostNote(config *conf.Config) conf.Diagnostic {
	note := config.AnotherHost()
	note.Advice = "Where the files of that host are at hand, name their folder with --root."
	return note
}

// tellOfAnotherHost says once what a configuration of another host names and is
// not here.
func tellOfAnotherHost(config *conf.Config, say func(string)) {
	if config.IsOfAnotherHost() {
		note := anotherHostNote(config)
		say(fmt.Sprintf("%s\n  %s", note, note.Advice))
	}
}
