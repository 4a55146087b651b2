package express

import (
	"errors"
	"fmt"
	"regexp"
	"sort"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// A Command is a command line of setup-server or start-server, read.
type Command struct {
	Options
	Args  []string        // what is no option: the entry point
	Given map[string]bool // names of the options on the command line

	Daemon []modwsgi.Setting // options of WSGIDaemonProcess that no field of Options has
}

// ErrHelp is what Parse returns when help was asked for.
var ErrHelp = errors.New("help asked for")

// Parse reads a command line the way mod_wsgi-express does: options and
// arguments in any order, a name shortened as far as it stays the only one,
// "--name value" or "--name=value", two words where an option takes two, and
// $NAME and ${NAME} replaced where lookup knows the variable. Options of our
// own are not shortened, since they would make names of old scripts ambiguous.
func Parse(args []string, lookup func(string) (string, bool)) (Command, error) {
	p := parser{table: Table(), command: Command{Options: defaults(), Given: map[string]bool{}}}
	for _, o := range p.table {
		if o.Default != "" && o.Default != defaultOf(o.index) {
			if err := o.set(&p.command.Options, []string{o.Default}); err != nil {
				return Command{}, err
			}
		}
	}
	for _, arg := range args {
		p.rest = append(p.rest, expand(arg, lookup))
	}
	for len(p.rest) > 0 {
		if err := p.next(); err != nil {
			return Command{}, err
		}
	}
	return p.command, nil
}

type parser struct {
	table   []Option
	rest    []string
	command Command
}

// next takes one option with its values, or one argument, off the rest.
func (p *parser) next() error {
	arg := p.rest[0]
	p.rest = p.rest[1:]
	switch {
	case arg == "--":
		p.command.Args = append(p.command.Args, p.rest...)
		p.rest = nil
		return nil
	case arg == "-h":
		return ErrHelp
	case arg == "-v":
		p.command.Verbose = true
		return nil
	case arg == "-" || !strings.HasPrefix(arg, "-"):
		p.command.Args = append(p.command.Args, arg)
		return nil
	case !strings.HasPrefix(arg, "--"):
		return fmt.Errorf("no such option: %s", arg)
	}
	name, value, inline := strings.Cut(arg[2:], "=")
	option, err := p.lookup(name)
	if err != nil {
		return err
	}
	if inline {
		if option.Arity() == 0 {
			return fmt.Errorf("--%s takes no value", option.Name)
		}
		p.rest = append([]string{value}, p.rest...)
	}
	if len(p.rest) < option.Arity() {
		return fmt.Errorf("--%s needs %s", option.Name, strings.Join(option.Values, " and "))
	}
	values := p.rest[:option.Arity()]
	p.rest = p.rest[option.Arity():]
	p.command.Given[option.Name] = true
	if option.isOfDaemon() {
		p.command.setDaemon(option, values[0])
		return nil
	}
	return option.set(&p.command.Options, values)
}

// lookup finds an option by its name, or by the beginning of only one name.
func (p *parser) lookup(name string) (Option, error) {
	var found []string
	var option Option
	for _, o := range p.table {
		for _, candidate := range []string{o.Name, o.Alias} {
			if candidate != "" && candidate == name {
				return o, nil
			}
			if candidate != "" && !o.Own && strings.HasPrefix(candidate, name) {
				found = append(found, "--"+candidate)
				option = o
			}
		}
	}
	if strings.HasPrefix("help", name) && name != "" {
		found = append(found, "--help")
	}
	sort.Strings(found)
	switch {
	case len(found) == 0:
		return Option{}, fmt.Errorf("no such option: --%s", name)
	case len(found) > 1:
		return Option{}, fmt.Errorf("ambiguous option: --%s could be %s", name, strings.Join(found, ", "))
	case found[0] == "--help":
		return Option{}, ErrHelp
	}
	return option, nil
}

var variable = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$(\w+|\{[^}]*\})`) })

// expand replaces variables as os.path.expandvars does: those that are not set
// stay as they are written.
func expand(text string, lookup func(string) (string, bool)) string {
	return variable().ReplaceAllStringFunc(text, func(word string) string {
		name := strings.TrimSuffix(strings.TrimPrefix(word[1:], "{"), "}")
		if value, ok := lookup(name); ok {
			return value
		}
		return word
	})
}
