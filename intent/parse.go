package intent

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
)

// Parse reads the text of a wsgictl.toml. It is strict: a key, or a value, that
// means nothing there is an error, with the line and column in file.
func Parse(file string, text []byte) (File, error) {
	document := reflect.New(documentType())
	decoder := toml.NewDecoder(strings.NewReader(string(text))).DisallowUnknownFields()
	if err := decoder.Decode(document.Interface()); err != nil {
		return File{}, PositionTOML(file, err)
	}
	if err := checkGiven(file, text, document.Elem()); err != nil {
		return File{}, err
	}
	field := document.Elem().FieldByName
	declared := File{
		name:    file,
		Venv:    field("Venv").String(),
		ModWSGI: field("ModWSGI").String(),
		Trust:   field("Trust").Interface().([]string),
		Limits:  limitsOf(field("Limits")),
	}
	for _, name := range sortedKeys(field("Daemon")) {
		if err := templates.CheckName("daemon", name); err != nil {
			return File{}, fmt.Errorf("%s: %w", file, err)
		}
		daemon, key, err := daemonOf(name, field("Daemon").MapIndex(reflect.ValueOf(name)))
		if err != nil {
			return File{}, fmt.Errorf("%s:%s: daemon.%s: %w", file, placeOf(text, "daemon", name, key), name, err)
		}
		declared.Daemons = append(declared.Daemons, daemon)
	}
	for _, name := range sortedKeys(field("Site")) {
		table := field("Site").MapIndex(reflect.ValueOf(name)).Interface().(siteTable)
		site := table.Site
		site.Name = name
		if key, err := declared.readDeploy(&site, table.Deploy); err != nil {
			return File{}, fmt.Errorf("%s:%s: site.%s.deploy: %w", file, placeOf(text, "site", name, "deploy", key), name, err)
		}
		declared.Sites = append(declared.Sites, site)
	}
	if err := declared.check(); err != nil {
		return File{}, fmt.Errorf("%s: %w", file, err)
	}
	return declared, nil
}

// ReadFile reads a wsgictl.toml for who only looks at what it declares, whoever can
// change it; see [Read].
func ReadFile(name string) (File, error) {
	text, err := trust.ReadFile(name, declarationLimit)
	if err != nil {
		return File{}, fmt.Errorf("read the declaration: %w", err)
	}
	return Parse(name, text)
}

// A siteTable is the table of a site.
type siteTable struct {
	templates.Site
	Deploy *Deploy `toml:"deploy"`
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
		{Name: "Site", Type: reflect.TypeFor[map[string]siteTable](), Tag: `toml:"site"`},
		{Name: "Limits", Type: reflect.TypeFor[*struct {
			Arrival int `toml:"arrival"`
			Reserve int `toml:"reserve"`
		}](), Tag: `toml:"limits"`},
	})
}

// limitsOf gives the sizes that the file asks for: by a table without keys the default
// ones.
func limitsOf(table reflect.Value) templates.Limits {
	if table.IsNil() {
		return templates.Limits{}
	}
	l := templates.Limits{Arrival: int(table.Elem().Field(0).Int()), Reserve: int(table.Elem().Field(1).Int())}
	if l.Arrival == 0 && l.Reserve == 0 {
		l.Arrival, l.Reserve = templates.DefaultArrival, templates.DefaultReserve
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
func daemonOf(name string, table reflect.Value) (daemon templates.Daemon, key string, err error) {
	daemon = templates.Daemon{Name: name, Recovery: time.Duration(table.FieldByName("Recovery").Int()) * time.Second}
	for _, option := range modwsgi.DaemonOptions(modwsgi.Release{}) {
		value := table.FieldByName(optionField(option.Name))
		if value.IsNil() {
			continue
		}
		text := settingText(value.Interface())
		if err := option.Check(text); err != nil {
			return templates.Daemon{}, option.Name, err
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
