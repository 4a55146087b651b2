package intent

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// placeOf finds a key in the text of a file, as LINE:COLUMN; of one in an inline
// table it is the place of that.
func placeOf(text []byte, key ...string) string {
	var parser unstable.Parser
	parser.Reset(text)
	var table []string
	place := "1:1"
	for parser.NextExpression() {
		expression := parser.Expression()
		var parts []string
		var last *unstable.Node
		for words := expression.Key(); words.Next(); {
			last = words.Node()
			parts = append(parts, string(last.Data))
		}
		switch expression.Kind {
		case unstable.Table:
			table = parts
		case unstable.KeyValue:
			if whole := slices.Concat(table, parts); len(whole) <= len(key) && slices.Equal(whole, key[:len(whole)]) {
				start := parser.Shape(last.Raw).Start
				place = fmt.Sprintf("%d:%d", start.Line, start.Column)
			}
		}
	}
	return place
}

// PositionTOML puts the place in the file before each thing that a decoder of
// go-toml finds wrong there.
func PositionTOML(file string, err error) error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) {
		var all []error
		for _, missing := range strict.Errors {
			row, column := missing.Position()
			all = append(all, fmt.Errorf("%s:%d:%d: %w", file, row, column, unknownKey(missing.Key())))
		}
		return errors.Join(all...)
	}
	var decode *toml.DecodeError
	if errors.As(err, &decode) {
		row, column := decode.Position()
		text := inTOML(strings.TrimPrefix(decode.Error(), "toml: "))
		if key := strings.Join(decode.Key(), "."); key != "" {
			text = key + ": " + text
		}
		return fmt.Errorf("%s:%d:%d: %s", file, row, column, text)
	}
	return fmt.Errorf("%s: %w", file, err)
}

// wrongKind is the decoder's message of a value that is of another kind than
// its key's; it names the Go type that it does not fit.
var wrongKind = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s)^cannot decode TOML ([a-z ]+) into (?:.* of type )?(.*)$`)
})

// inTOML says such a message in TOML's own words.
func inTOML(text string) string {
	match := wrongKind().FindStringSubmatch(text)
	switch {
	case match == nil && strings.HasSuffix(text, "at start of value"):
		return "no value of TOML begins here: write text in quotes, and true, false and numbers as they are"
	case match == nil:
		return text
	}
	want := "a table"
	switch kind := strings.TrimLeft(match[2], "*"); {
	case kind == "string":
		want = "a string in quotes"
	case kind == "bool":
		want = "true or false"
	case strings.HasPrefix(kind, "int") && !strings.Contains(kind, "."): // and no type of package intent
		want = "an integer"
	case kind == "[]string":
		want = `an array of strings, such as ["a", "b"]`
	case strings.HasPrefix(kind, "[]"):
		want = "an array of tables"
	}
	return fmt.Sprintf("want %s, not a TOML %s", want, match[1])
}

// unknownKey says what is wrong with a key, and for an option of a daemon what
// was probably meant.
func unknownKey(key []string) error {
	if len(key) == 3 && key[0] == "daemon" {
		if _, err := modwsgi.LookupDaemonOption(key[2], modwsgi.Release{}); err != nil {
			return err
		}
	}
	return fmt.Errorf("unknown key %s", strings.Join(key, "."))
}
