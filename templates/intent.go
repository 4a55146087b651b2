package templates

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// An Intent is what a wsgictl.toml declares, with its defaults not yet filled
// in. docs/wsgictl.toml.md describes the file.
type Intent struct {
	Venv    string // python-home of each daemon that names none
	ModWSGI string // release, as written
	Daemons []Daemon
	Sites   []Site
	Limits  Limits // Arrival and Reserve

	// Trust names accounts, as the option --trust does, that may change what
	// Apache goes by as root. Whoever reads a file that others can change has to
	// leave it out of account.
	Trust []string
}

// SitesOf are the sites that a daemon process group serves.
func (i Intent) SitesOf(daemon string) []Site {
	return slices.DeleteFunc(slices.Clone(i.Sites), func(s Site) bool { return cmp.Or(s.Daemon, s.Name) != daemon })
}

// check reports names that no file can have, and sites that share an interpreter and
// are not the same application: their modules and settings would collide.
func (i Intent) check() error {
	for _, site := range i.Sites {
		if err := checkName("site", site.Name); err != nil {
			return err
		}
	}
	for _, name := range i.DaemonNames() {
		if err := checkName("daemon", name); err != nil {
			return err
		}
		sites := i.SitesOf(name)
		for _, site := range sites[min(1, len(sites)):] {
			if first := sites[0]; site.Script != first.Script || site.Module != first.Module {
				return fmt.Errorf("site.%s and site.%s share the daemon %s, where two applications would collide in one interpreter: give each a daemon of its own",
					first.Name, site.Name, name)
			}
		}
	}
	return nil
}

// DaemonNames are the daemon process groups that are declared or that a site
// names, sorted.
func (i Intent) DaemonNames() []string {
	var names []string
	for _, daemon := range i.Daemons {
		names = append(names, daemon.Name)
	}
	for _, site := range i.Sites {
		names = append(names, cmp.Or(site.Daemon, site.Name))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// ParseIntent reads the text of a wsgictl.toml. It is strict: a key that means
// nothing there is an error, with the line and column in file.
func ParseIntent(file string, text []byte) (Intent, error) {
	document := reflect.New(documentType())
	decoder := toml.NewDecoder(strings.NewReader(string(text))).DisallowUnknownFields()
	if err := decoder.Decode(document.Interface()); err != nil {
		return Intent{}, PositionTOML(file, err)
	}
	field := document.Elem().FieldByName
	intent := Intent{
		Venv:    field("Venv").String(),
		ModWSGI: field("ModWSGI").String(),
		Trust:   field("Trust").Interface().([]string),
		Limits:  limitsOf(field("Limits")),
	}
	for _, name := range sortedKeys(field("Daemon")) {
		if err := checkName("daemon", name); err != nil {
			return Intent{}, fmt.Errorf("%s: %w", file, err)
		}
		daemon, key, err := daemonOf(name, field("Daemon").MapIndex(reflect.ValueOf(name)))
		if err != nil {
			return Intent{}, fmt.Errorf("%s:%s: daemon.%s: %w", file, placeOf(text, "daemon", name, key), name, err)
		}
		intent.Daemons = append(intent.Daemons, daemon)
	}
	for _, name := range sortedKeys(field("Site")) {
		site := field("Site").MapIndex(reflect.ValueOf(name)).Interface().(Site)
		site.Name = name
		intent.Sites = append(intent.Sites, site)
	}
	if err := intent.check(); err != nil {
		return Intent{}, fmt.Errorf("%s: %w", file, err)
	}
	return intent, nil
}

// documentType is the shape of the file. The keys of a daemon are the option
// table's, so that an option of a new release needs nothing here.
func documentType() reflect.Type {
	daemon := []reflect.StructField{{Name: "Recovery", Type: reflect.TypeFor[int](), Tag: `toml:"recovery"`}}
	for _, option := range modwsgi.DaemonOptions(modwsgi.Release{}) {
		daemon = append(daemon, reflect.StructField{
			Name: optionField(option.Name),
			Type: reflect.TypeFor[any](),
			Tag:  reflect.StructTag(fmt.Sprintf("toml:%q", option.Name)),
		})
	}
	return reflect.StructOf([]reflect.StructField{
		{Name: "Venv", Type: reflect.TypeFor[string](), Tag: `toml:"venv"`},
		{Name: "ModWSGI", Type: reflect.TypeFor[string](), Tag: `toml:"mod-wsgi"`},
		{Name: "Trust", Type: reflect.TypeFor[[]string](), Tag: `toml:"trust"`},
		{Name: "Daemon", Type: reflect.MapOf(reflect.TypeFor[string](), reflect.StructOf(daemon)), Tag: `toml:"daemon"`},
		{Name: "Site", Type: reflect.TypeFor[map[string]Site](), Tag: `toml:"site"`},
		{Name: "Limits", Type: reflect.TypeFor[*struct {
			Arrival int `toml:"arrival"`
			Reserve int `toml:"reserve"`
		}](), Tag: `toml:"limits"`},
	})
}

// limitsOf gives the sizes that the file asks for: by a table without keys the default
// ones.
func limitsOf(table reflect.Value) Limits {
	if table.IsNil() {
		return Limits{}
	}
	l := Limits{Arrival: int(table.Elem().Field(0).Int()), Reserve: int(table.Elem().Field(1).Int())}
	if l.Arrival == 0 && l.Reserve == 0 {
		l.Arrival, l.Reserve = defaultArrival, defaultReserve
	}
	return l
}

// optionField is the name of an option as a field of a struct.
func optionField(option string) string {
	return "Option_" + strings.ReplaceAll(option, "-", "_")
}

func sortedKeys(table reflect.Value) []string {
	var names []string
	for _, key := range table.MapKeys() {
		names = append(names, key.String())
	}
	slices.Sort(names)
	return names
}

// daemonOf gives the daemon that one table of the file declares. An error is
// about the value of key.
func daemonOf(name string, table reflect.Value) (daemon Daemon, key string, err error) {
	daemon = Daemon{Name: name, Recovery: time.Duration(table.FieldByName("Recovery").Int()) * time.Second}
	for _, option := range modwsgi.DaemonOptions(modwsgi.Release{}) {
		value := table.FieldByName(optionField(option.Name))
		if value.IsNil() {
			continue
		}
		text := settingText(value.Interface())
		if err := option.Check(text); err != nil {
			return Daemon{}, option.Name, err
		}
		daemon.Settings = append(daemon.Settings, modwsgi.Setting{Name: option.Name, Value: text})
	}
	return daemon, "", nil
}

// settingText writes a value of the file as WSGIDaemonProcess takes it.
func settingText(value any) string {
	switch value {
	case true:
		return "On"
	case false:
		return "Off"
	}
	return fmt.Sprint(value)
}

// placeOf finds a key in the text of a file, as LINE:COLUMN.
func placeOf(text []byte, key ...string) string {
	var parser unstable.Parser
	parser.Reset(text)
	var table []string
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
			if slices.Equal(append(slices.Clone(table), parts...), key) {
				start := parser.Shape(last.Raw).Start
				return fmt.Sprintf("%d:%d", start.Line, start.Column)
			}
		}
	}
	return "1:1" // inside an inline table
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
	case strings.HasPrefix(kind, "int"):
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
