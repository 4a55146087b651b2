package cli

import (
	"errors"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// misuse says what is wrong with a command line. Of commands that can print in several
// ways some have --format, and those with one other way --json: who gives the one for
// the other is told.
func misuse(err error) string {
	text := err.Error()
	var wrong *kong.ParseError
	if !errors.As(err, &wrong) || wrong.Context.Selected() == nil || !strings.HasPrefix(text, "unknown flag --") {
		return text
	}
	given, _, _ := strings.Cut(strings.TrimPrefix(text, "unknown flag --"), ",")
	for _, flag := range wrong.Context.Selected().Flags {
		switch {
		case flag.Name == "format" && slices.Contains(flag.EnumSlice(), given):
			return "unknown flag --" + given + ": write --format " + given
		case flag.Name == "json" && given == "format":
			return "unknown flag --format: write --json"
		}
	}
	return text
}
