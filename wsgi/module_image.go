package wsgi

import (
	"debug/elf"
	"fmt"
	"io"
	"os"

	"github.com/wsgictl/wsgictl/trust"
)

// moduleImage is what a module tells of itself.
type moduleImage struct {
	*elf.File
	file *os.File
}

// openModule opens a module of the host, of which no more than [maxModule] bytes
// are read, whatever its headers say. A file of another kind than ELF is an
// error.
func (v *View) openModule(name string) (moduleImage, error) {
	file, err := trust.OpenRegular(v.Config.Path(name))
	if err != nil {
		return moduleImage{}, err
	}
	image, err := elf.NewFile(io.NewSectionReader(file, 0, maxModule))
	if err != nil {
		_ = file.Close()
		return moduleImage{}, fmt.Errorf("read module %s: %w", name, err)
	}
	return moduleImage{image, file}, nil
}

func (m moduleImage) close() { _ = m.file.Close() }

// libraries are the names of the libraries that the module needs.
func (m moduleImage) libraries() []string {
	names, err := m.ImportedLibraries()
	if err != nil {
		return nil
	}
	return names[:min(len(names), maxLibraries)]
}

// maxLibraries is how many libraries, and folders to find them in, are taken
// from a module. mod_wsgi.so needs four.
const maxLibraries = 256
