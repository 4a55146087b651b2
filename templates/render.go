package templates

import (
	"embed"
	"fmt"
	"regexp"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"

	"github.com/wsgictl/wsgictl/httpdconf"
	"github.com/wsgictl/wsgictl/modwsgi"
)

//go:embed *.tmpl
var files embed.FS

// sprigNames are the functions of sprig that the templates may use.
var sprigNames = []string{"indent"}

// functions are those of sprig, and the only ones that put a value into a
// file: each quotes it for its place.
func functions() template.FuncMap {
	known := template.FuncMap{
		"argument": httpdconf.Argument,
		"pattern":  httpdconf.Pattern,
		"pad":      func(width int, text string) string { return fmt.Sprintf("%-*s", width, text) },
	}
	all := sprig.TxtFuncMap()
	for _, name := range sprigNames {
		known[name] = all[name]
	}
	return known
}

// execute renders one of the embedded templates.
func execute(name string, data any) (string, error) {
	set := template.New(name).Option("missingkey=error").Funcs(functions())
	include := func(name string, data any) (string, error) {
		var text strings.Builder
		err := set.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	if _, err := set.Funcs(template.FuncMap{"include": include}).ParseFS(files, "*.tmpl"); err != nil {
		return "", fmt.Errorf("read template %s: %w", name, err)
	}
	text, err := include(name, data)
	if err != nil {
		return "", fmt.Errorf("render %s: %w", name, err)
	}
	return tidy(text), nil
}

// tidy leaves no more than one empty line, none at the start, and no white
// space before the end of a line.
func tidy(text string) string {
	text = lineEnds.ReplaceAllString(text, "\n")
	return strings.TrimLeft(blankLines.ReplaceAllString(text, "\n\n"), "\n")
}

var (
	lineEnds   = regexp.MustCompile(`[ \t]+\n`)
	comments   = regexp.MustCompile(`(?m)^[ \t]*#.*\n`)
	blankLines = regexp.MustCompile(`\n\n+`)
)

// Bare takes the comments out of rendered configuration.
func Bare(text string) string {
	return tidy(comments.ReplaceAllString(text, ""))
}

// daemonView is what daemon.conf.tmpl sees.
type daemonView struct {
	Daemon
	Options []modwsgi.Setting
}

// Explained are the options that get a comment: the profile's and the
// timeouts.
func (v daemonView) Explained() []modwsgi.Setting {
	var explained []modwsgi.Setting
	for _, setting := range v.Options {
		option, err := modwsgi.LookupDaemonOption(setting.Name, v.Release)
		if err == nil && (option.Recommended != "" || option.Kind == modwsgi.Seconds) && setting.Reason != "" {
			explained = append(explained, setting)
		}
	}
	return explained
}

// Render gives the declaration of the group, to stand at server level.
func (d Daemon) Render() (string, error) {
	options, err := d.Options()
	if err != nil {
		return "", err
	}
	return execute("daemon.conf.tmpl", daemonView{d, options})
}

// Render gives the virtual hosts of the site. The daemon process group that it
// names is declared elsewhere, before it, at server level.
func (s Site) Render() (string, error) {
	s = s.withDefaults()
	if err := s.check(); err != nil {
		return "", err
	}
	if err := s.Application.check(); err != nil {
		return "", fmt.Errorf("site %s: %w", s.Name, err)
	}
	return execute("site.conf.tmpl", s)
}

// snippetView is what snippet.conf.tmpl sees.
type snippetView struct {
	Application
	Daemon string
}

// RenderInto gives the lines that make a virtual host serve the application in
// the daemon process group; without a script, those that send every
// application there.
func (a Application) RenderInto(daemon string) (string, error) {
	setDefault(&a.MountPoint, defaultMountPoint)
	if a.Script != "" {
		if err := a.check(); err != nil {
			return "", err
		}
	}
	return execute("snippet.conf.tmpl", snippetView{a, daemon})
}
