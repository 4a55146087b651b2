package installer

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/trust"
)

var errNoPip = errors.New("no index is set and neither pip nor ensurepip of this Python is here to name the usual one: give --index-url URL, or --source with an archive")

// pipModule is the file of pip's own source that names its default index.
const pipModule = "pip/_internal/models/index.py"

// defaultIndex is the index that pip uses when nothing is set. No name of a
// host stands here: it is read, as text, in the pip of the virtualenv, of its
// base Python, or in the wheel from which ensurepip would install one; from is
// that file.
func (s PipEnvironment) defaultIndex(python *detect.Python, venv *detect.Virtualenv) (index, from string, err error) {
	passed := errNoPip
	note := func(err error) {
		if untrusted := (*trust.Untrusted)(nil); errors.As(err, &untrusted) {
			passed = fmt.Errorf("%w; passed over, since root uses only settings that root alone can change: %w", errNoPip, untrusted)
		}
	}
	for _, dir := range s.pipFolders(python, venv) {
		file := filepath.Join(dir, pipModule)
		text, err := trust.Deciders().ReadFile(file, maxSettings)
		if index := simpleURL(string(text)); err == nil && index != "" {
			return index, file, nil
		}
		note(err)
	}
	for _, wheel := range s.pipWheels(python) {
		text, err := readFromZip(wheel, pipModule)
		if index := simpleURL(text); err == nil && index != "" {
			return index, wheel, nil
		}
		note(err)
	}
	return "", "", passed
}

func (s PipEnvironment) pipFolders(python *detect.Python, venv *detect.Virtualenv) []string {
	var dirs []string
	if venv != nil {
		dirs = append(dirs, venv.SitePackages)
	}
	if python != nil {
		dirs = append(dirs, filepath.Join(python.PlatStdlib, "site-packages"))
	}
	return append(dirs, s.at("/usr/lib/python3/dist-packages"), s.at("/usr/local/lib/python3/dist-packages"))
}

// pipWheels are those that ensurepip brings, and the folder where
// distributions keep them instead.
func (s PipEnvironment) pipWheels(python *detect.Python) []string {
	var wheels []string
	dirs := []string{s.at("/usr/share/python-wheels")}
	if python != nil {
		dirs = append([]string{filepath.Join(python.PlatStdlib, "ensurepip", "_bundled")}, dirs...)
	}
	for _, dir := range dirs {
		wheels = append(wheels, glob(dir, "pip-*.whl")...)
	}
	return wheels
}

var pipIndex = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^PyPI\s*=\s*PackageIndex\(\s*['"]([^'"]+)['"]`) })

// simpleURL reads the default index from pip's source, which adds the path
// "simple" to it.
func simpleURL(source string) string {
	match := pipIndex().FindStringSubmatch(source)
	if match == nil {
		return ""
	}
	return strings.TrimSuffix(match[1], "/") + "/simple"
}

func readFromZip(archive, name string) (string, error) {
	opened, err := trust.Deciders().Open(archive)
	if err != nil {
		return "", err
	}
	defer opened.Close()
	info, err := opened.Stat()
	if err != nil {
		return "", err
	}
	reader, err := zip.NewReader(opened, info.Size())
	if err != nil {
		return "", err
	}
	file, err := reader.Open(path.Clean(name))
	if err != nil {
		return "", err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxSettings))
	return string(text), err
}
