// Package ready writes the Python file by which a daemon process of mod_wsgi says that
// its applications are loaded, before it takes the first request.
//
// Apache loads it behind the scripts of the applications, in their interpreter:
//
//	WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop application-group=%{GLOBAL}
//	WSGIImportScript /etc/wsgictl/shop-ready.py process-group=shop application-group=%{GLOBAL}
//
// A process that has loaded them has a thread with the name of [Sign]. One that has not
// takes no requests as long as another of its group can serve in its place, for mod_wsgi
// itself would have it answer them with 500, and has a thread with the name of
// [WaitingSign], or else of [FailedSign].
package ready

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"
)

//go:embed ready.py
var source string

// The names of threads, of which the kernel keeps 15 bytes.
const (
	Sign        = "wsgictl-ready"
	FailedSign  = "wsgictl-failed" // it takes requests all the same, since no other process could
	WaitingSign = "wsgictl-waits"  // it failed, and takes none
)

// An Application is one that a process has to have loaded.
type Application struct {
	Script   string // the file, as WSGIScriptAlias or WSGIImportScript names it
	Callable string // the application's name in it
	Health   Health // what the application has to answer; the zero value asks nothing
}

// Health is a request that the application gets before any client's. It does not go
// through Apache: it is a call in the process itself.
type Health struct {
	Scheme     string // http or https; empty for no request
	Host       string // with the port where it is not the scheme's own
	MountPoint string // without a slash at its end
	Path       string // below the mount point
}

// ParseHealth takes an address apart, below the mount point of its application; an empty
// one is no request.
func ParseHealth(address, mountPoint string) (Health, error) {
	mount := strings.TrimRight(mountPoint, "/")
	switch at, err := url.Parse(address); {
	case address == "" && mountPoint != "":
		return Health{}, errors.New("a mount point is for the address of a health check alone")
	case address == "":
		return Health{}, nil
	case err != nil || at.User != nil: // of which nothing is shown, since it may hold a password
		return Health{}, errors.New("health: want an address such as https://shop.example.org/healthz, without an account")
	case at.Host == "" || at.Scheme != "http" && at.Scheme != "https" || at.RawQuery != "" || at.Fragment != "":
		return Health{}, fmt.Errorf("health %q: want an address such as https://shop.example.org/healthz, without a query", address)
	case mount != "" && !strings.HasPrefix(mount, "/"):
		return Health{}, fmt.Errorf("mount point %q: want the path of a URL, which begins with /", mountPoint)
	default:
		path, isBelow := strings.CutPrefix(at.Path, mount)
		if !isBelow || path != "" && path[0] != '/' {
			return Health{}, fmt.Errorf("health %s: not below the mount point %s", address, mountPoint)
		}
		return Health{at.Scheme, at.Host, mount, cmp.Or(path, "/")}, nil
	}
}

// Check refuses what could not be meant.
func (a Application) Check() error {
	switch {
	case !path.IsAbs(a.Script) || !utf8.ValidString(a.Script):
		return fmt.Errorf("script %q: want the absolute path of a WSGI script, in UTF-8", a.Script)
	case a.Callable == "":
		return errors.New("callable-object: want the name of the application in the script")
	case a.Health.Scheme != "" && !strings.HasPrefix(a.Health.Path, "/"):
		return fmt.Errorf("health %q: want the path of a URL, which begins with /", a.Health.Path)
	}
	return nil
}

const setting = "\nAPPLICATIONS = [\n"

// Script is the text of the file.
func Script(applications ...Application) string {
	var settings strings.Builder
	for _, a := range applications {
		health := "None"
		if a.Health.Scheme != "" {
			health = fmt.Sprintf("(%s, %s, %s, %s)", python(a.Health.Scheme), python(a.Health.Host), python(a.Health.MountPoint), python(a.Health.Path))
		}
		fmt.Fprintf(&settings, "    (%s, %s, %s),\n", python(a.Script), python(a.Callable), health)
	}
	about, code, _ := strings.Cut(source, "\n\n")
	return about + "\n" + setting + settings.String() + "]\n\n" + code
}

func python(text string) string { return strconv.QuoteToASCII(text) }

// IsScript tells whether a file is one of Script, with whatever before it.
func IsScript(text string) bool {
	about, _, _ := strings.Cut(source, "\n\n")
	return strings.Contains(text, about+"\n"+setting)
}
