package templates

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"
	"sync"
)

// An Application is where the WSGI application is and where it answers. The
// tags are its keys in wsgictl.toml and, with the texts of help, its flags.
type Application struct {
	Script            string `toml:"script" placeholder:"FILE" help:"The WSGI script file."`
	Module            string `toml:"module" placeholder:"MODULE:NAME" help:"Instead of a script: the module to import and the application's name in it. The script that does so is written beside the configuration."`
	CallableObject    string `toml:"callable-object" placeholder:"NAME" help:"Name of the application in the script (default: application)."`
	MountPoint        string `toml:"mount-point" placeholder:"URL" help:"URL path below which the application answers (default: /)."`
	Health            string `toml:"health" placeholder:"URL-PATH" help:"What the application has to answer with 2xx or 3xx in a new process before that serves clients, as a URL path below the mount point: /healthz (default: nothing)."`
	Ready             string `toml:"-" kong:"-"` // the file by which processes say that they have loaded the application; empty for none
	OwnScript         string `toml:"-" kong:"-"` // the text of a script that is written beside the configuration; empty where it is the project's own
	Release           string `toml:"-" kong:"-"` // the link to the release that is served, in whose folder the script is; empty where code is not deployed
	PassAuthorization *bool  `toml:"pass-authorization" negatable:"" help:"Pass the Authorization header on, for an application that checks it itself."`
}

// defaultMountPoint is where an application answers when nothing else is said.
const defaultMountPoint = "/"

// withDefaults fills in what was left out.
func (a Application) withDefaults() Application {
	setDefault(&a.MountPoint, defaultMountPoint)
	a.MountPoint = trimSlash(a.MountPoint)
	return a
}

// check reports a script or a mount point that Apache could not use as meant.
func (a Application) check() error {
	switch {
	case a.Script == "":
		return errors.New("no application: name a script or a module")
	case !path.IsAbs(a.Script) || strings.HasSuffix(a.Script, "/"):
		return fmt.Errorf("script %s: want the absolute path of a file", a.Script)
	case !strings.HasPrefix(a.MountPoint, "/"):
		return fmt.Errorf("mount-point %s: want a URL path that begins with a slash", a.MountPoint)
	case a.Health != "" && !strings.HasPrefix(a.Health, "/"):
		return fmt.Errorf("health %s: want a URL path that begins with a slash", a.Health)
	case a.Health != "" && a.Ready == "":
		return fmt.Errorf("health %s: the file that asks for it is one beside the configuration: name a folder for both with --output-dir", a.Health)
	case a.Module != "" && a.CallableObject != "":
		return errors.New("module and callable-object: the module names the application already, as in pkg.wsgi:app")
	}
	return nil
}

// PassesAuthorization tells whether the application gets the Authorization
// header.
func (a Application) PassesAuthorization() bool {
	return a.PassAuthorization != nil && *a.PassAuthorization
}

// Opened is the script's file, to which access is allowed.
func (a Application) Opened() File { return fileAt(a.Script) }

// entryPoint is MODULE or MODULE:NAME, in Python's identifiers.
var entryPoint = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([\pL_][\pL\pN_]*(?:\.[\pL_][\pL\pN_]*)*)(?::([\pL_][\pL\pN_]*))?$`)
})

// HasOwnScript tells whether mod_wsgi is to load a script of [Application.ScriptText].
func (a Application) HasOwnScript() bool { return a.Module != "" || a.Release != "" }

// ScriptText is the script file for a Module, since mod_wsgi loads files, and for a
// Release, of which a process has to take all that it ever imports.
func (a Application) ScriptText() (string, error) {
	if a.Module == "" {
		name := a.CallableObject
		setDefault(&name, "application")
		return execute("release.wsgi.tmpl", releaseScript{Release: a.Release, Script: strings.TrimPrefix(a.Script, a.Release+"/"), Name: name})
	}
	match := entryPoint().FindStringSubmatch(a.Module)
	if match == nil {
		return "", fmt.Errorf("module %q: want MODULE:NAME, such as mysite.wsgi:application", a.Module)
	}
	name := match[2]
	setDefault(&name, "application")
	if a.Release != "" {
		return execute("release.wsgi.tmpl", releaseScript{Release: a.Release, Module: match[1], Object: name, Name: "application"})
	}
	return execute("script.wsgi.tmpl", map[string]string{"Module": match[1], "Name": name})
}

// A releaseScript loads, from the release that a link leads to, a script or a module.
type releaseScript struct {
	Release, Script string
	Module, Object  string
	Name            string // that the application gets
}

// RenderFor gives the lines that make the main server or a virtual host serve
// the application in a daemon process group; without a script, those that send
// every application there.
func (a Application) RenderFor(daemon string) (string, error) {
	a = a.withDefaults()
	if a.Script != "" || a.Module != "" {
		if err := a.check(); err != nil {
			return "", err
		}
	}
	return execute("application.conf.tmpl", struct {
		Application
		Daemon string
	}{a, daemon})
}

// trimSlash takes the slashes at the end off a path, but not its only one.
func trimSlash(p string) string {
	if trimmed := strings.TrimRight(p, "/"); trimmed != "" {
		return trimmed
	}
	return "/"
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
