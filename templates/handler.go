package templates

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Handler declares the handler.wsgi of a server root.
type Handler struct {
	Root       string
	Library    string // folder that holds the package wsgictl_express
	WorkingDir string
	Kind       string // "script", "module" or "paste"
	EntryPoint string
	Callable   string
	MountPoint string
	Ports      []int       // that clients wait at; none where connections are not kept alive
	Patience   int         // request-timeout in seconds; 0 where no request counts as stuck
	Variables  [][2]string // for os.environ

	Reload, ReloadOnChanges   bool
	Debug                     bool
	Moves                     bool // to WorkingDir, where Apache is started in another folder
	Debugger, DebuggerStartup bool
	Recorder                  string // folder; empty for off, as the next two
	Coverage                  string
	Profiler                  string
}

// Render gives handler.wsgi.
func (h Handler) Render() (string, error) { return execute("handler.wsgi.tmpl", h) }

// Uses are the modules of wsgictl_express that the handler needs beside the
// loader.
func (h Handler) Uses() []string {
	var modules []string
	for _, m := range []struct {
		name string
		used bool
	}{
		{"reloader", h.ReloadOnChanges}, {"debugger", h.Debugger}, {"recorder", h.Recorder != ""},
		{"coverage", h.Coverage != ""}, {"profiler", h.Profiler != ""}, {"keep_alive", len(h.Ports) > 0},
		{"stopping", h.Patience > 0},
	} {
		if m.used {
			modules = append(modules, m.name)
		}
	}
	return modules
}

// Attempt is the module that deals with an application that cannot be loaded;
// empty where that is left to mod_wsgi.
func (h Handler) Attempt() string {
	switch {
	case h.ReloadOnChanges:
		return "reloader"
	case h.Debugger:
		return "debugger"
	}
	return ""
}

// A Resource declares the resource.wsgi of a server root.
type Resource struct {
	Library string
	Scripts [][2]string // extension and script
}

// Render gives resource.wsgi.
func (r Resource) Render() (string, error) { return execute("resource.wsgi.tmpl", r) }

//go:embed express/default.wsgi express/wsgictl_express/*.py
var express embed.FS

// PythonFiles are the files of the package wsgictl_express, by their paths in
// the folder that is to hold it.
func PythonFiles() map[string]string {
	found := map[string]string{}
	folder := "express/wsgictl_express"
	entries, err := fs.ReadDir(express, folder)
	if err != nil {
		panic(err) // it is embedded
	}
	for _, entry := range entries {
		text, err := express.ReadFile(path.Join(folder, entry.Name()))
		if err != nil {
			panic(err)
		}
		if strings.HasSuffix(entry.Name(), ".py") {
			found["wsgictl_express/"+entry.Name()] = string(text)
		}
	}
	return found
}

// DefaultApplication is the WSGI script that serves the welcome page.
func DefaultApplication() string {
	text, err := express.ReadFile("express/default.wsgi")
	if err != nil {
		panic(err)
	}
	return string(text)
}

// pythonString writes text as a string literal of Python.
func pythonString(text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", fmt.Errorf("value %q: not UTF-8", text)
	}
	return strconv.QuoteToASCII(text), nil
}
