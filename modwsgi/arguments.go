package modwsgi

import (
	"errors"
	"fmt"
	"strings"
)

// Arguments are those of one directive, split as mod_wsgi splits them.
type Arguments struct {
	Words   []string // all of them, or, where options follow, those before
	Options []Option // in the order written
	Rest    string   // from where an option should begin and none does, to the end of the line
}

// Option is one name=value among the arguments of a directive.
type Option struct{ Name, Value string }

// Refuses reports arguments with which Apache does not start: what mod_wsgi's
// own functions for its directives refuse, whatever the rest of the
// configuration and the host. The number of arguments of forms other than
// RawArgs is for Apache to check, and names of options for LookupDaemonOption
// and LookupScriptOption.
func (d Directive) Refuses(a Arguments) error {
	switch {
	case d.Leading > 0:
		return d.refusesOptions(a)
	case d.Section:
		return d.refusesSelectors(a.Words)
	case d.Name == "WSGITelemetryOptions":
		return refusesFlags(d, a.Words)
	case d.Name == "WSGITelemetryService":
		return d.refusesService(a.Words)
	}
	for _, word := range a.Words {
		if want := d.refusesWord(word); want != "" {
			return fmt.Errorf("%s %s: want %s", d.Name, shown(word), want)
		}
	}
	return nil
}

func (d Directive) refusesWord(word string) string {
	if d.Kind != Keyword {
		return d.Kind.refuses(word, limits{empty: true})
	}
	words := strings.Split(d.Arguments, "|")
	if isOneOf(word, words...) {
		return ""
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// refusesOptions checks a directive that takes some words, and options after
// them.
func (d Directive) refusesOptions(a Arguments) error {
	given := 0
	for given < len(a.Words) && a.Words[given] != "" {
		given++
	}
	if given < d.Leading {
		return fmt.Errorf("%s: want %s", d.Title(), d.Arguments)
	}
	for _, option := range a.Options {
		var value *ValueError
		if errors.As(d.refusesOption(option), &value) {
			return fmt.Errorf("%s: %w", d.Name, value)
		}
	}
	if a.Rest != "" {
		return refusesRest(d, a.Rest)
	}
	return d.missesOption(a.Options)
}

func (d Directive) refusesOption(option Option) error {
	if d.Name == "WSGIDaemonProcess" {
		if o, err := LookupDaemonOption(option.Name, Release{}); err == nil {
			return o.Refuses(option.Value)
		}
		return nil
	}
	if o, err := LookupScriptOption(d.Name, option.Name, Release{}); err == nil {
		return o.Refuses(option.Value)
	}
	return nil
}

// refusesRest says what is wrong where an option should stand.
func refusesRest(d Directive, rest string) error {
	name, after := firstOf(rest)
	value, isApart := strings.CutPrefix(after, "=")
	if isApart && name[0] != '=' {
		value, _ = firstOf(value)
		return fmt.Errorf("%s: %s stands apart from its =: write %s=%s", d.Name, shown(name), shown(name), shown(value))
	}
	return fmt.Errorf("%s: %s is no option=value", d.Name, shown(rest))
}

// firstOf is the first word of a text and what follows it, with blanks between
// words as mod_wsgi has them: others of Unicode are a part of the word.
func firstOf(text string) (word, after string) {
	text = strings.TrimLeft(text, blanks)
	end := strings.IndexAny(text, blanks)
	if end < 0 {
		return text, ""
	}
	return text[:end], strings.TrimLeft(text[end:], blanks)
}

const blanks = " \t"

// missesOption checks what wsgi_add_import_script and
// wsgi_add_daemon_process check when all options are read.
func (d Directive) missesOption(given []Option) error {
	names := map[string]bool{}
	for _, option := range given {
		names[option.Name] = true
	}
	for _, o := range scriptOptions {
		if o.Required && o.Directive == d.Name && !names[o.Name] {
			return fmt.Errorf("%s: want %s=, which it cannot do without", d.Name, o.Name)
		}
	}
	if d.Name == "WSGIDaemonProcess" && names["script-user"] && names["script-group"] {
		return fmt.Errorf("%s: want one of script-user= and script-group=, not both", d.Name)
	}
	return nil
}

// refusesSelectors is wsgi_interpreter_options_section.
func (d Directive) refusesSelectors(words []string) error {
	seen := map[string]bool{}
	for _, word := range words {
		if word == "" {
			return nil // where mod_wsgi stops reading
		}
		name, _, isOption := strings.Cut(word, "=")
		name = strings.ToLower(name)
		switch _, err := LookupScriptOption(d.Name, name, Release{}); {
		case !isOption || err != nil:
			return fmt.Errorf("%s: %s is none of %s", d.Title(), shown(word), d.Arguments)
		case seen[name]:
			return fmt.Errorf("%s: %s= stands there twice", d.Title(), name)
		}
		seen[name] = true
	}
	return nil
}

// refusesService is wsgi_set_telemetry_service.
func (d Directive) refusesService(words []string) error {
	if len(words) == 0 {
		return nil
	}
	if want := d.refusesWord(words[0]); want != "" {
		return fmt.Errorf("%s %s: want %s", d.Name, shown(words[0]), want)
	}
	if len(words) < 2 || words[1] == "" {
		return nil
	}
	name, value, _ := strings.Cut(words[1], "=")
	o, err := LookupScriptOption(d.Name, name, Release{})
	if err != nil || !strings.Contains(words[1], "=") {
		return fmt.Errorf("%s: %s is not interval=seconds", d.Name, shown(words[1]))
	}
	if err := o.Refuses(value); err != nil {
		return fmt.Errorf("%s: %w", d.Name, err)
	}
	return nil
}

// telemetryFlags are those of WSGITelemetryOptions.
var telemetryFlags = []string{"CaptureUserAgent"}

// refusesFlags is wsgi_set_telemetry_options.
func refusesFlags(d Directive, words []string) error {
	signed, whole := false, false
	for _, word := range words {
		if word == "" {
			return nil // where mod_wsgi stops reading
		}
		name := strings.TrimLeft(word[:1], "+-") + word[1:]
		hasSign := name != word
		signed, whole = signed || hasSign, whole || !hasSign
		switch {
		case signed && whole:
			return fmt.Errorf("%s %s: want + or - before each of the flags, or before none", d.Name, shown(word))
		case isOneOf(name, telemetryFlags...), !hasSign && isOneOf(name, "None", "All"):
		default:
			return fmt.Errorf("%s %s: want %s", d.Name, shown(word), d.Arguments)
		}
	}
	if len(words) == 0 {
		return fmt.Errorf("%s: want %s", d.Name, d.Arguments)
	}
	return nil
}
