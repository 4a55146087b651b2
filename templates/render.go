package templates

import (
	"embed"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"text/template"

	"github.com/Masterminds/sprig/v3"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

//go:embed *.tmpl
var files embed.FS

// sprigNames are the functions of sprig that the templates may use.
var sprigNames = []string{"indent", "join", "mul", "reverse", "trim"}

// functions are those of sprig, and the only ones that put a value into a
// file: each quotes it for its place.
func functions() template.FuncMap {
	known := template.FuncMap{
		"argument": conf.Argument,
		"pattern":  conf.Pattern,
		"shell":    shellWord,
		"python":   pythonString,
		"toml":     tomlString,
		"unit":     unitText,
		"unitWord": unitWord,
		"pad":      func(width int, text string) string { return fmt.Sprintf("%-*s", width, text) },
	}
	all := sprig.TxtFuncMap()
	for _, name := range sprigNames {
		known[name] = all[name]
	}
	return known
}

// parsed are the embedded templates, which a mistake in keeps from being used
// at all.
var parsed = sync.OnceValues(func() (*template.Template, error) {
	set := template.New("").Option("missingkey=error").Funcs(functions())
	set.Funcs(template.FuncMap{"include": func(name string, data any) (string, error) {
		var text strings.Builder
		err := set.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}})
	return set.ParseFS(files, "*.tmpl")
})

// execute renders one of the embedded templates.
func execute(name string, data any) (string, error) {
	set, err := parsed()
	if err != nil {
		return "", fmt.Errorf("read templates: %w", err)
	}
	var text strings.Builder
	err = set.ExecuteTemplate(&text, name, data)
	if quote := (*conf.QuoteError)(nil); errors.As(err, &quote) {
		return "", quote // the place in the template says nothing to a user
	}
	if err != nil {
		return "", fmt.Errorf("render %s: %w", name, err)
	}
	return tidy(text.String()), nil
}

// tidy leaves no more than one empty line, none at the start and the end of the
// text and at the start of a section, and no white space before the end of a line.
func tidy(text string) string {
	text = lineEnds().ReplaceAllString(text, "\n")
	text = blankLines().ReplaceAllString(text, "\n\n")
	return strings.Trim(openings().ReplaceAllString(text, "$1"), "\n") + "\n"
}

var (
	lineEnds   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[ \t]+\n`) })
	comments   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^[ \t]*#.*\n`) })
	openings   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^([ \t]*<[^/\n][^\n]*>\n)\n`) })
	blankLines = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\n\n+`) })
)

// Bare takes the comments out of rendered configuration.
func Bare(text string) string {
	return tidy(comments().ReplaceAllString(text, ""))
}
