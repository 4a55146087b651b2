package installer

import (
	"maps"
	"path"
	"strings"
)

// replaceFiles replaces the files of a folder that cannot be renamed, one by
// one. All are written beside their places before the first is renamed; killed
// between two renames, the folder has files of both releases until the next
// Place.
func (p *placing) replaceFiles(folder string) error {
	var files []wheelFile
	for _, file := range p.files {
		if strings.HasPrefix(file.name, folder+"/") {
			files = append(files, file)
		}
	}
	fresh := func(name string) string { return path.Join(path.Dir(name), p.stage+"-"+path.Base(name)) }
	if err := writeFiles(p.sitePackages, files, fresh); err != nil {
		return err
	}
	for _, file := range files {
		if err := p.sitePackages.Rename(fresh(file.name), file.name); err != nil {
			return err
		}
	}
	gone := maps.Clone(p.before)
	for _, file := range files {
		delete(gone, file.name)
	}
	return gone.removeFrom(p.sitePackages, folder)
}
