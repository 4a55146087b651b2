package system

import (
	"errors"
	"fmt"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/trust"
)

// moduleLimit bounds the file of a module, in bytes.
const moduleLimit = 64 << 20

// ReadModule reads the mod_wsgi that Apache shall load, after the libpython that
// loadFile names. One that others can change than those who are trusted is an error
// that wraps a [*trust.Untrusted].
func ReadModule(module detect.Module, loadFile string, trusted trust.Trustees) (Module, error) {
	release, err := modwsgi.ParseRelease(module.Release)
	if err != nil {
		return Module{}, err
	}
	content, err := readLoaded(module.Path, trusted)
	if err != nil {
		return Module{}, err
	}
	read := Module{Path: module.Path, Content: content, Release: release, Python: module.Python, LoadFile: loadFile}
	if module.Beside != "" {
		read.Beside, err = readLoaded(module.Beside, trusted)
	}
	return read, err
}

// readLoaded reads a file that Apache shall load.
func readLoaded(path string, trusted trust.Trustees) ([]byte, error) {
	content, err := trusted.ReadFile(path, moduleLimit)
	if errors.As(err, new(*trust.Untrusted)) {
		return nil, fmt.Errorf("mod_wsgi, which Apache would load as root: %w; install it again as root (wsgictl install-module --force)%s", err, trust.AtOwnRisk(err))
	}
	if err != nil {
		return nil, fmt.Errorf("read mod_wsgi: %w", err)
	}
	return content, nil
}
