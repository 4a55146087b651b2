package wsgi

import (
	"debug/elf"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// LibrariesFor are the folders that the loader looks through for the libraries
// that a module needs, before those of the system, and the libraries that it
// finds there. A file of another kind than ELF has none. See ld.so(8).
func (v *View) LibrariesFor(module string) []string {
	image, err := v.openModule(module)
	if err != nil {
		return nil
	}
	defer image.close()
	paths, err := image.DynString(elf.DT_RUNPATH)
	if err != nil || len(paths) == 0 {
		paths, _ = image.DynString(elf.DT_RPATH)
	}
	needed := image.libraries()
	var found []string
	folders := strings.SplitN(strings.Join(paths, ":"), ":", maxLibraries+1)
	for _, folder := range folders[:min(len(folders), maxLibraries)] {
		if len(folder) > unix.PathMax {
			continue
		}
		folder = strings.NewReplacer("$ORIGIN", path.Dir(module), "${ORIGIN}", path.Dir(module)).Replace(folder)
		if !path.IsAbs(folder) {
			continue
		}
		found = append(found, path.Clean(folder))
		for _, name := range needed {
			if library := path.Join(folder, name); v.Config.Exists(library) {
				found = append(found, library)
			}
		}
	}
	return found
}
