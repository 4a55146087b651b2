package audit

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// Option is one name=value among the arguments of a WSGI directive.
type Option struct {
	Name, Value string
}

// Options are the options of a directive in the order written. Where a name
// stands twice, mod_wsgi takes the last.
type Options []Option

// Get is the value of an option, and whether it is there.
func (o Options) Get(name string) (string, bool) {
	for i := len(o) - 1; i >= 0; i-- {
		if o[i].Name == name {
			return o[i].Value, true
		}
	}
	return "", false
}

// Has tells whether an option is there.
func (o Options) Has(name string) bool {
	_, ok := o.Get(name)
	return ok
}

// splitOptions reads count words and then options, as mod_wsgi does with the
// arguments of its RAW_ARGS directives (wsgi_parse_option). What follows
// something that is no option is left out: mod_wsgi refuses the line.
func splitOptions(args string, count int) (words []string, options Options) {
	words = make([]string, 0, count)
	for range count {
		if args == "" {
			return words, nil
		}
		var word string
		word, args = httpdconf.Word(args)
		words = append(words, word)
	}
	return words, readOptions(args)
}

// optionsAfter are the options that follow count words.
func optionsAfter(args string, count int) Options {
	for range count {
		_, args = httpdconf.Word(args)
	}
	return readOptions(args)
}

func readOptions(args string) Options {
	var options Options
	for args = strings.TrimLeft(args, " \t"); args != ""; {
		end := strings.IndexAny(args, "= \t")
		if end <= 0 || args[end] != '=' {
			break
		}
		option := Option{Name: args[:end]}
		option.Value, args = httpdconf.Word(args[end+1:])
		options = append(options, option)
	}
	return options
}
