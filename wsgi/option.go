package wsgi

import (
	"iter"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// Option is one name=value among the arguments of a WSGI directive.
type Option struct {
	Name, Value string
	From, To    int // where it stands in the directive's Args
}

// Options are the options of a directive in the order written. Where a name
// stands twice, mod_wsgi takes the last.
type Options []Option

// Get is the value of an option, and whether it is there.
func (o Options) Get(name string) (string, bool) {
	option, ok := o.Last(name)
	return option.Value, ok
}

// Has tells whether an option is there, or may be.
func (o Options) Has(name string) bool {
	_, ok := o.Last(name)
	return ok || o.IsOpen()
}

// IsOpen tells whether there may be options that are not known: those of a mark
// of a template.
func (o Options) IsOpen() bool {
	return slices.ContainsFunc(o, func(option Option) bool { return conf.HasMark(option.Name) })
}

// Last is the option of a name that counts.
func (o Options) Last(name string) (Option, bool) {
	for _, option := range slices.Backward(o) {
		if option.Name == name {
			return option, true
		}
	}
	return Option{}, false
}

// Effective are the options that count: of each name the last.
func (o Options) Effective() iter.Seq[Option] {
	return func(yield func(Option) bool) {
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

// splitOptions reads count words and then options, as mod_wsgi does with the
// arguments of its RAW_ARGS directives (wsgi_parse_option). Something that is
// no option and what follows is the rest: mod_wsgi refuses the line.
func splitOptions(args string, count int) (words []string, options Options, rest string) {
	words = make([]string, 0, count)
	rest = args
	for range count {
		if rest == "" {
			return words, nil, ""
		}
		var word string
		word, rest = conf.Word(rest)
		words = append(words, word)
	}
	for rest = strings.TrimLeft(rest, " \t"); rest != ""; {
		if word, after := conf.Word(rest); conf.IsMark(word) {
			options = append(options, Option{Name: word})
			rest = after
			continue
		}
		length := strings.IndexAny(rest, "= \t")
		if length <= 0 || rest[length] != '=' {
			break
		}
		option := Option{Name: rest[:length], From: len(args) - len(rest)}
		option.Value, rest = conf.Word(rest[length+1:])
		option.To = len(strings.TrimRight(args[:len(args)-len(rest)], " \t"))
		options = append(options, option)
	}
	return words, options, rest
}

// OptionsOf are the options of a directive.
func OptionsOf(d *conf.Directive) Options {
	if !strings.Contains(d.Args, "=") && !conf.HasMark(d.Args) {
		return nil // as most aliases
	}
	words := leadingWords(d)
	if words == 0 {
		return nil
	}
	_, options, _ := splitOptions(d.Args, words)
	return options
}

// leadingWords is the number of words before the options of a directive, 0 for
// one that takes none.
func leadingWords(d *conf.Directive) int {
	known, err := modwsgi.LookupDirective(d.Name, modwsgi.Release{})
	if err != nil {
		return 0
	}
	return known.Leading
}
