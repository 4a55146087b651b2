package conf

import (
	"fmt"
	"strings"
)

// Quote writes value as one argument of a directive, in double quotes, so that
// Apache reads back exactly value. It holds for the words that Apache splits
// itself and for the value in name=value of modules that read their arguments
// raw (mod_wsgi's wsgi_parse_option), since both call ap_getword_conf
// (server/util.c): a quoted word ends at the matching quote, and a backslash
// is taken away only before that quote or before another backslash.
//
// A value that no quoting can carry is a *QuoteError: one with a newline or a NUL,
// which end the line for Apache, and one with "${", which Apache replaces in
// the whole line, by a Define or by its environment, before it looks at quotes
// (ap_resolve_env). Whether it would is only known where Apache runs.
func Quote(value string) (string, error) {
	if i := strings.IndexAny(value, "\n\r\x00"); i >= 0 {
		return "", &QuoteError{value, fmt.Sprintf("no Apache configuration can hold the character %q", value[i])}
	}
	if strings.Contains(value, "${") {
		return "", &QuoteError{value, "Apache would put a variable in the place of ${…}, whatever the quotes"}
	}
	escaped := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value)
	return `"` + escaped + `"`, nil
}

// A QuoteError is a value that no quoting can carry.
type QuoteError struct {
	Value  string
	Reason string
}

// Error shows the value and says why.
func (e *QuoteError) Error() string { return fmt.Sprintf("value %q: %s", e.Value, e.Reason) }

// Argument is Quote for people: a value of plain characters stays bare.
func Argument(value string) (string, error) {
	if value != "" && strings.Trim(value, plain) == "" {
		return value, nil
	}
	return Quote(value)
}

// plain are the characters that mean themselves in a word without quotes,
// wherever it stands in a line.
const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,+@%{}"

// Pattern writes path as the argument of a Directory or Files section so that
// it matches exactly path: there "*", "?" and "[" are wild, and stand for
// themselves only as a class of one character.
func Pattern(path string) (string, error) {
	if strings.ContainsAny(path, "*?[") {
		path = strings.NewReplacer(`\`, `\\`, "*", "[*]", "?", "[?]", "[", "[[]").Replace(path)
	}
	return Quote(path)
}

// Word takes the first word off args as ap_getword_conf does, and gives the
// word without its quotes and what follows it. A missing closing quote ends
// the word with the line. The word is empty at the end of args, and for "".
func Word(args string) (word, rest string) {
	args = trimLeft(args)
	if args == "" {
		return "", ""
	}
	quote := args[0]
	if quote != '"' && quote != '\'' {
		end, escaped := 0, false
		for end < len(args) && !isSpace(args[end]) {
			escaped = escaped || args[end] == '\\'
			end++
		}
		word, rest = args[:end], trimLeft(args[end:])
		if escaped {
			word = unescape(word, 0)
		}
		return word, rest
	}
	end := 1
	for end < len(args) && args[end] != quote {
		if args[end] == '\\' && end+1 < len(args) && (args[end+1] == quote || args[end+1] == '\\') {
			end++
		}
		end++
	}
	word = unescape(args[1:end], quote)
	if end < len(args) {
		end++ // the closing quote
	}
	return word, trimLeft(args[end:])
}

// HasOpenQuote tells whether what is written behind args would stand inside a quote
// that nothing closes: of a word, or of the value of an option name=value.
func HasOpenQuote(args string) bool {
	for args = trimLeft(args); args != ""; {
		from := 0
		if sign := strings.IndexAny(args, "=\"' \t"); sign > 0 && args[sign] == '=' {
			from = sign + 1
		}
		_, rest := Word(args[from:])
		if rest == "" && isOpenQuoted(args[from:]) {
			return true
		}
		args = rest
	}
	return false
}

// isOpenQuoted tells whether a word begins with a quote that the end of text closes.
func isOpenQuoted(text string) bool {
	if text == "" || text[0] != '"' && text[0] != '\'' {
		return false
	}
	_, rest := Word(text + " x")
	return rest != "x"
}

// Words splits args into its words.
func Words(args string) []string {
	if args = trimLeft(args); args == "" {
		return nil
	}
	return appendWords(make([]string, 0, min(1+strings.Count(args, " "), usualWords)), args)
}

// usualWords is how many words have room at once, where as many blanks stand
// between them.
const usualWords = 8

func appendWords(words []string, args string) []string {
	for args = trimLeft(args); args != ""; {
		var word string
		word, args = Word(args)
		words = append(words, word)
	}
	return words
}

// unescape takes away the backslash before another one and before quote, when
// there is one (substring_conf).
func unescape(text string, quote byte) string {
	if !strings.Contains(text, `\`) {
		return text // as nearly always: nothing to copy
	}
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && (text[i+1] == '\\' || quote != 0 && text[i+1] == quote) {
			i++
		}
		out.WriteByte(text[i])
	}
	return out.String()
}
