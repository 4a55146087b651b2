package installed

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Places are where the files of an Apache's configuration are kept, of which
// docs/layouts has a page for each family.
type Places struct {
	Load    Place  // files with LoadModule lines
	Name    string // of the one among them that is wsgictl's, such that it is read before all that needs it
	Config  Place  // files for the main server
	Site    Place  // files with virtual hosts
	Scripts string // folder of the scripts that import a module
	Tree    string // folder that holds all configuration that comes with the family
	Include string // pattern of files that the main configuration file has to include; empty where it includes all it needs
}

// A Place is where one sort of files is kept.
type Place struct {
	Folder  string // where the files are
	Prefix  string // of their names, for the order in which they are read where several sorts share a folder
	Suffix  string // of their names
	Enabled string // folder of the links that enable them; empty where a file is enabled by being there
	Markers string // folder in which Debian's a2enmod notes who enabled and disabled what; empty elsewhere
	Enable  string // command that enables one by its name; empty where a file is enabled by being there
	Disable string // command that disables one
}

// Places gives where the configuration is kept. The environment is that of its
// envvars. It is an error where the layout is not one that is known to be changed.
func (a Apache) Places(environment map[string]string) (Places, error) {
	row := platformOf(a.Layout)
	if row.places.Load.Folder == "" {
		return Places{}, fmt.Errorf("the layout %s is not one that wsgictl changes: run the application with a server of its own (wsgictl mod_wsgi-express), or write its configuration with \"wsgictl render\"", a.Layout)
	}
	p, folder := row.places, filepath.Dir(a.ConfigFile)
	for _, path := range []*string{&p.Scripts, &p.Tree, &p.Include} {
		if *path != "" {
			*path = Below(folder, *path)
		}
	}
	state := cmp.Or(environment["APACHE_STATE_DIRECTORY"], row.state) // as in a2enmod
	for _, place := range []*Place{&p.Load, &p.Config, &p.Site} {
		place.Folder = Below(folder, place.Folder)
		place.Enabled = Below(folder, place.Enabled)
		place.Markers = Below(state, place.Markers)
	}
	return p, nil
}

// File is the path of the file of that name.
func (p Place) File(name string) string { return filepath.Join(p.Folder, p.Prefix+name+p.Suffix) }

// Enabling is the path by which the file of that name is enabled.
func (p Place) Enabling(name string) string {
	if p.Enabled == "" {
		return p.File(name)
	}
	return filepath.Join(p.Enabled, name+p.Suffix)
}

// EnableWords are the words of the command that enables a file of the place; none where
// it is enabled by being there, or is of another place.
func (p Place) EnableWords(file string) []string { return p.words(p.Enable, file) }

// DisableWords are the words of the command that disables a file of the place; none
// where it has to be removed for that, or is of another place.
func (p Place) DisableWords(file string) []string { return p.words(p.Disable, file) }

func (p Place) words(command, file string) []string {
	name, ours := strings.CutSuffix(filepath.Base(file), p.Suffix)
	if command == "" || !ours || !slices.Contains([]string{p.Folder, p.Enabled}, filepath.Dir(file)) {
		return nil
	}
	return []string{command, name}
}

// FileForModule is where a person puts the LoadModule line of a module: the main
// configuration file where the family has no folder for such lines.
func (a Apache) FileForModule() string {
	return Below(filepath.Dir(a.ConfigFile), cmp.Or(platformOf(a.Layout).module, a.ConfigFile))
}
