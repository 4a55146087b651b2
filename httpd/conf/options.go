package conf

import (
	"fmt"
	"strings"
)

// Options are what a server knows besides its files. The zero value reads as
// httpd without any -D would, with an empty environment.
type Options struct {
	// ServerRoot is the folder for relative paths until a ServerRoot
	// directive: -d of httpd, or what is compiled into it. Empty means the
	// folder of the first file.
	ServerRoot string
	// Root is a folder that stands for "/": a mounted image, or a copy of
	// another host's files. Names in the configuration stay as on that host.
	Root string
	// Defines are the -D flags.
	Defines []Define
	// Environment is that of the httpd process: for ${NAME} and %{env}.
	Environment map[string]string
	// Version is the release of httpd, "2.4.58". Empty when not known: then
	// directives and forms of all releases are taken, and what differs by
	// release is unknown.
	Version string
	// Static are the source files of the modules that are compiled in, as
	// "httpd -l" lists them. Empty means those that every httpd has.
	Static []string
	// BuiltIn gives the modules that are compiled into the httpd of this host, as
	// Static has them. It is asked only where Scope is ByContent and a condition of a
	// whole configuration of this host is not decided without. Nil, or none, means that they are not known.
	BuiltIn func() []string
	// Assumed are modules to take as loaded although nothing loads them, by
	// identifier or source file.
	Assumed []string
	// Modules are tables of modules that do not come with httpd, so that their
	// directives are known.
	Modules []Module
	// Texts are read in the place of what files hold, by their paths on this
	// machine: what fixes would write. They stand for every name of such a file.
	Texts map[string]string
	// HostName is the name that httpd takes for a server without a ServerName,
	// asked for only where there is one. Nil means that it is not known.
	HostName func() string
	// Scope says whether the text is a whole server's configuration.
	Scope Scope
	// Unchecked leaves out what is wrong with directives once they are read, as
	// unknown ones and forms of arguments, for those who only look some up: checking
	// is a quarter of the work.
	Unchecked bool
}

// Define is one -D flag.
type Define struct {
	Name     string
	Value    string // for ${NAME}
	HasValue bool
}

// ParseDefine reads what stands behind -D: NAME, or NAME=VALUE.
func ParseDefine(text string) (Define, error) {
	name, value, hasValue := strings.Cut(text, "=")
	if name == "" || strings.Contains(name, ":") {
		return Define{}, fmt.Errorf("-D %s: want NAME or NAME=VALUE, with no colon in the name", text)
	}
	return Define{name, value, hasValue}, nil
}

// String is the definition as it stands behind -D.
func (d Define) String() string {
	if !d.HasValue {
		return d.Name
	}
	return d.Name + "=" + d.Value
}

// Scope says how much of a server's configuration the text is.
type Scope uint8

const (
	// ByContent takes the text for a whole one once it has a Listen and loads a
	// module that no server is without: an MPM, mod_unixd or mod_authz_core.
	ByContent Scope = iota
	// Whole: what the text does not load is absent.
	Whole
	// Part: what the text does not load is unknown.
	Part
)
