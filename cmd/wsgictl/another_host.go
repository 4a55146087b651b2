package main

import (
	"fmt"
	"slices"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// diagnostics are those of a configuration, after the note about one that is of
// another host.
func diagnostics(config *httpdconf.Config) []httpdconf.Diagnostic {
	if !config.IsOfAnotherHost() {
		return config.Diagnostics
	}
	return slices.Concat([]httpdconf.Diagnostic{anotherHostNote(config)}, config.Diagnostics)
}

func anotherHostNote(config *httpdconf.Config) httpdconf.Diagnostic {
	note := config.AnotherHost()
	note.Advice = "Where the files of that host are at hand, name their folder with --root."
	return note
}

// tellOfAnotherHost says once what a configuration of another host names and is
// not here.
func tellOfAnotherHost(config *httpdconf.Config, say func(string)) {
	if config.IsOfAnotherHost() {
		note := anotherHostNote(config)
		say(fmt.Sprintf("%s\n  %s", note, note.Advice))
	}
}
