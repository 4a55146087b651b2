package templates

import (
	"errors"
	"fmt"
	"path"
	"strings"
)

// An Application is where the WSGI application is and where it answers.
type Application struct {
	Script            string `toml:"script" placeholder:"FILE" help:"The WSGI script file."`
	CallableObject    string `toml:"callable-object" placeholder:"NAME" help:"Name of the application in the script (default: application)."`
	MountPoint        string `toml:"mount-point" placeholder:"URL" help:"URL path below which the application answers (default: /)."`
	PassAuthorization bool   `toml:"pass-authorization" help:"Pass the Authorization header on, for an application that checks it itself."`
}

// check reports a script or a mount point that Apache could not use as meant.
func (a Application) check() error {
	switch {
	case a.Script == "":
		return errors.New("no script: name the WSGI script file")
	case !path.IsAbs(a.Script) || strings.HasSuffix(a.Script, "/"):
		return fmt.Errorf("script %s: want the absolute path of a file", a.Script)
	case !strings.HasPrefix(a.MountPoint, "/"):
		return fmt.Errorf("mount-point %s: want a URL path that begins with a slash", a.MountPoint)
	}
	return nil
}

// Folder and File are the two parts of the script's path, for the sections
// that allow access to it.
func (a Application) Folder() string { return path.Dir(a.Script) }
func (a Application) File() string   { return path.Base(a.Script) }

// trimSlash takes the slashes at the end off a path, but not its only one.
func trimSlash(p string) string {
	if trimmed := strings.TrimRight(p, "/"); trimmed != "" {
		return trimmed
	}
	return "/"
}
