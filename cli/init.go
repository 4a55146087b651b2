package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
)

// projectFlags describe a project where its files do not.
type projectFlags struct {
	File       string `placeholder:"FILE" help:"The declaration to write (default: ./wsgictl.toml; as root in a folder that others can change, one of /etc/wsgictl)."`
	Name       string `placeholder:"NAME" help:"Name of the site (default: the folder's)."`
	ServerName string `placeholder:"NAME" help:"Host name of the site (default: this host's)."`
	Script     string `placeholder:"FILE" help:"The WSGI script file (default: what is found in the folder)."`
	Venv       string `placeholder:"DIR" help:"The virtualenv (default: VIRTUAL_ENV, .venv, venv or env here or above, or the one in this folder)."`
	User       string `placeholder:"USER" help:"Account that the application runs as (default: Apache's own)."`
}

type initCommand struct {
	projectFlags
	trustFlags
}

// Help is the long form of the command's help.
func (initCommand) Help() string {
	return `Writes a wsgictl.toml, with comments, from what is found in the current folder and
on this host. A file that is there stays. As root in a folder that others can
change, the file is one of /etc/wsgictl: it says what Apache does as root.

Example:
  wsgictl init --server-name shop.example.org`
}

func (c initCommand) Run(_ context.Context, s *streams) error {
	if c.File == "" {
		c.File = defaultDeclaration()
	}
	if isThere(c.File) {
		return c.thereAlready()
	}
	text, err := c.text(c.Trust)
	if err != nil {
		return err
	}
	path, err := filepath.Abs(c.File)
	if err != nil {
		return err
	}
	if err := writeDeclaration(path, text, c.Trust); err != nil {
		return err
	}
	named := ""
	if c.File != declarationName {
		named = " --file " + detect.ShellArgument(c.File)
	}
	if c.ServerName == "" {
		fmt.Fprintf(s.stderr, "The site has the name of this host, %s, since --server-name gives none: change server-name where clients ask for another.\n", detect.HostName())
	}
	fmt.Fprintf(s.stderr, "%s Look at it, then: wsgictl plan%s\n", written(c.File), named)
	return nil
}

// thereAlready is about a file that stays. Root is not told to edit one that
// others can change: it would not be gone by.
func (c initCommand) thereAlready() error {
	path, err := filepath.Abs(c.File)
	if err != nil {
		return err
	}
	deciders, err := trust.Deciders().And(c.Trust...)
	if err != nil {
		return usageError{err}
	}
	if err := deciders.Check(path); isUntrusted(err) {
		return usageError{foreignDeclaration(path, err)}
	}
	return usageError{fmt.Errorf("%s is there already: change it with an editor, or name another with --file", c.File)}
}

// text is what the file is to hold.
func (f projectFlags) text(trusted []string) (string, error) {
	starter, err := f.starter()
	if err != nil {
		return "", usageError{err}
	}
	starter.Trust = trusted
	text, err := starter.Render()
	switch {
	case err != nil && f.Name == "":
		return "", usageError{fmt.Errorf("%w; it comes from the folder's: give another with --name", err)}
	case err != nil:
		return "", usageError{err}
	}
	if _, err := intent.Parse(f.File, []byte(text)); err != nil {
		return "", usageError{err}
	}
	return text, nil
}

// starter completes the flags with what the folder and the host tell.
func (f projectFlags) starter() (templates.Starter, error) {
	folder, err := projectOf(f.File)
	if err != nil {
		return templates.Starter{}, err
	}
	venv, err := detect.FindVirtualenv(f.Venv)
	if err != nil {
		return templates.Starter{}, err
	}
	script, err := f.script(folder)
	if err != nil {
		return templates.Starter{}, err
	}
	starter := templates.Starter{Name: f.Name, ServerName: f.ServerName, Venv: venv, Script: script, Home: folder, User: f.User}
	if above := intent.ImportFolder(script); above != filepath.Dir(script) {
		starter.Home = above
	}
	if starter.Name == "" {
		starter.Name = strings.Trim(notInName().ReplaceAllString(filepath.Base(folder), "-"), "-._")
	}
	if starter.ServerName == "" {
		starter.ServerName = detect.HostName()
	}
	starter.CallableObject = callable(script)
	return starter, refuseASGI(script, starter.CallableObject)
}

// notInName is what the name of a site cannot hold.
var notInName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^A-Za-z0-9._-]+`) })

// scriptPatterns are where frameworks and people put the script.
var scriptPatterns = []string{"wsgi.py", "*.wsgi", "*/wsgi.py", "*/*/wsgi.py", "app.py", "application.py", "main.py"}

// script is the one named, or the only one in the folder that makes an
// application.
func (f projectFlags) script(folder string) (string, error) {
	if f.Script != "" {
		return filepath.Abs(f.Script)
	}
	for _, pattern := range scriptPatterns {
		found, err := fs.Glob(os.DirFS(folder), pattern) // the folder's own name is no pattern
		if err != nil {
			return "", err
		}
		for i, name := range found {
			found[i] = filepath.Join(folder, name)
		}
		if found, err = scripts(found); err != nil {
			return "", err
		}
		switch len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			return "", fmt.Errorf("which script? there is %s: name it with --script", strings.Join(found, ", "))
		}
	}
	return "", fmt.Errorf("no WSGI script in %s (looked for %s): name it with --script", folder, strings.Join(scriptPatterns, ", "))
}

// scripts are those of some files that make an application. One that may not be
// read could be the one.
func scripts(files []string) ([]string, error) {
	var made []string
	for _, file := range files {
		text, err := trust.ReadFile(file, scriptLimit)
		if errors.Is(err, fs.ErrPermission) {
			return nil, fmt.Errorf("look for the WSGI script: %w", err)
		}
		if err == nil && callableLine().Match(text) {
			made = append(made, file)
		}
	}
	return made, nil
}

// callableLine is how a script makes its application, at the outermost level.
var callableLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^(?:(application|app)\s*(?::[^=\n]+)?=|def (application|app)\(|from \S+ import .*\b(application|app)\b)`)
})

// callable is the name of the application in the script; empty for mod_wsgi's
// own default.
func callable(script string) string {
	names := map[string]bool{}
	for _, match := range callableLine().FindAllStringSubmatch(readOrEmpty(script), -1) {
		names[match[1]+match[2]+match[3]] = true
	}
	if names["app"] && !names["application"] {
		return "app"
	}
	return ""
}

// asgiLine is how a script makes an application that speaks ASGI.
var asgiLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^(application|app)\s*(?::[^=\n]+)?=\s*(?:\w+\.)*(FastAPI|Starlette|Quart|Litestar|Sanic|ProtocolTypeRouter|get_asgi_application)\(`)
})

// refuseASGI is an error for an application that mod_wsgi cannot run: Apache would
// take the site up, and answer each request with 500.
func refuseASGI(script, callable string) error {
	for _, match := range asgiLine().FindAllStringSubmatch(readOrEmpty(script), -1) {
		if match[1] == cmp.Or(callable, "application") {
			return fmt.Errorf("%s makes %s with %s, an ASGI application, which mod_wsgi cannot run: wrap it (a2wsgi.ASGIMiddleware) in a WSGI script and name that with --script, or serve it by an ASGI server", script, match[1], match[2])
		}
	}
	return nil
}

// scriptLimit bounds a script that is looked at, in bytes.
const scriptLimit = 1 << 20

func readOrEmpty(path string) string {
	text, err := trust.ReadFile(path, scriptLimit)
	if err != nil {
		return ""
	}
	return string(text)
}
