package conf

import (
	"iter"
	"regexp"
	"slices"
	"strings"
)

// RawOption is one name=value among the arguments of a directive that splits its line
// itself (RAW_ARGS).
type RawOption struct {
	Name, Value string
	From, To    int // where it stands in the directive's Args
}

// RawOptions are the options of such a directive in the order written. Where a name
// stands twice, the last counts.
type RawOptions []RawOption

// Get is the value of an option, and whether it is there.
func (o RawOptions) Get(name string) (string, bool) {
	option, ok := o.Last(name)
	return option.Value, ok
}

// Has tells whether an option is there, or may be.
func (o RawOptions) Has(name string) bool {
	_, ok := o.Last(name)
	return ok || o.IsOpen()
}

// IsOpen tells whether there may be options that are not known: those of a mark
// of a template.
func (o RawOptions) IsOpen() bool {
	return slices.ContainsFunc(o, func(option RawOption) bool { return HasMark(option.Name) })
}

// Last is the option of a name that counts.
func (o RawOptions) Last(name string) (RawOption, bool) {
	for _, option := range slices.Backward(o) {
		if option.Name == name {
			return option, true
		}
	}
	return RawOption{}, false
}

// Effective are the options that count: of each name the last.
func (o RawOptions) Effective() iter.Seq[RawOption] {
	return func(yield func(RawOption) bool) {
		last := make(map[string]int, len(o))
		for i, option := range o {
			last[option.Name] = i
		}
		for i, option := range o {
			if last[option.Name] == i && !yield(option) {
				return
			}
		}
	}
}

// SplitRaw reads count words and then options: the value begins behind the equals sign,
// where it may be quoted. Something that is no option and what follows is the rest.
func SplitRaw(args string, count int) (words []string, options RawOptions, rest string) {
	words = make([]string, 0, count)
	rest = args
	for range count {
		if rest == "" {
			return words, options, ""
		}
		var word string
		word, rest = Word(rest)
		words = append(words, word)
		options = options.openedBy(word)
	}
	for rest = strings.TrimLeft(rest, " \t"); rest != ""; {
		if word, after := Word(rest); IsMark(word) {
			options = append(options, RawOption{Name: word})
			rest = after
			continue
		}
		length := strings.IndexAny(rest, "= \t")
		if length <= 0 || rest[length] != '=' {
			break
		}
		option := RawOption{Name: rest[:length], From: len(args) - len(rest)}
		option.Value, rest = Word(rest[length+1:])
		option.To = len(strings.TrimRight(args[:len(args)-len(rest)], " \t"))
		options = append(options, option).openedBy(option.Value)
	}
	return words, options, rest
}

// optionInMark is a text in the code of a mark that begins behind a word, and is an
// option, as in {{ ' user=' ~ name }}.
var optionInMark = regexp.MustCompile("[\"'`]\\s+[\\w-]+=")

// openedBy are the options with those that a mark in a word brings.
func (o RawOptions) openedBy(word string) RawOptions {
	if !HasMark(word) || !optionInMark.MatchString(Written(word)) {
		return o
	}
	return append(o, RawOption{Name: word[strings.IndexFunc(word, isHidden):]})
}

// BehindName are the options of a line that names a file with one of these extensions,
// behind which a mark may bring more of them: nothing else comes there.
func (o RawOptions) BehindName(file string, extensions ...string) RawOptions {
	mark := markAtEnd(file)
	name := strings.TrimSuffix(file, mark)
	if mark == "" || !slices.ContainsFunc(extensions, func(extension string) bool { return strings.HasSuffix(name, extension) }) {
		return o
	}
	return append(o, RawOption{Name: mark})
}
