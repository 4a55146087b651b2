package wsgi

import (
	"path"
	"regexp"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// Versions of Python are those of its library here: "3.11".

var (
	moduleName    = regexp.MustCompile(`mod_wsgi-py(\d)(\d+)`)
	libpythonName = regexp.MustCompile(`libpython(\d+\.\d+)`)
	libFolder     = regexp.MustCompile(`/lib(?:64)?/python(\d+\.\d+)(?:/|$)`)
	pyvenvVersion = regexp.MustCompile(`(?m)^version(?:_info)?\s*=\s*(\d+\.\d+)`)
)

// ModuleLoads are the LoadModule lines for mod_wsgi.
func (v *View) ModuleLoads() []*conf.Directive {
	var loads []*conf.Directive
	for _, d := range v.Config.Loads {
		if d.Word(0) == "wsgi_module" {
			loads = append(loads, d)
		}
	}
	return loads
}

// LoadedFile is the file of a LoadModule.
func (v *View) LoadedFile(d *conf.Directive) string {
	if name := d.Word(1); path.IsAbs(name) {
		return name
	}
	return path.Join(v.Config.ServerRoot, d.Word(1))
}

// ModuleVersion is the Python that a module is built for: by its name, else by
// the libpython that it asks for. It is empty where neither tells.
func (v *View) ModuleVersion(file string) string {
	if found := moduleName.FindStringSubmatch(path.Base(file)); found != nil {
		return found[1] + "." + found[2]
	}
	if file == "" {
		return ""
	}
	image, err := v.openModule(file)
	if err != nil {
		return ""
	}
	defer image.close()
	return libpythonVersion(strings.Join(image.libraries(), " "))
}

func libpythonVersion(name string) string { return firstGroup(libpythonName, name) }

// FolderVersion is the Python that a folder of modules is of, such as
// /srv/venv/lib/python3.11/site-packages; "" where its path does not tell.
func FolderVersion(folder string) string { return firstGroup(libFolder, folder) }

func firstGroup(pattern *regexp.Regexp, text string) string {
	if found := pattern.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	return ""
}

// HomeVersion is the Python of a Python home: by the pyvenv.cfg of a
// virtualenv, else by the one folder below lib. It is empty where that is not
// here, or not clear.
func (v *View) HomeVersion(home string) string {
	if !path.IsAbs(home) {
		return ""
	}
	if text, err := v.Config.ReadFile(path.Join(home, "pyvenv.cfg"), maxVenv); err == nil {
		return firstGroup(pyvenvVersion, text)
	}
	version := ""
	for _, entry := range v.Config.List(path.Join(home, "lib")) {
		switch found := FolderVersion("/lib/" + entry.Name()); {
		case found == "":
		case version != "" && version != found:
			return "" // several, of which any may be meant
		default:
			version = found
		}
	}
	return version
}
