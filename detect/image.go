package detect

import (
	"debug/elf"
	"debug/macho"
	"errors"
	"io"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/httpd/installed"
)

// image is what both file formats tell.
type image struct {
	hostfiles.Image
	strings []byte // the section of string constants
	magic   string // of the symbol wsgi_module
}

func readImage(file io.ReaderAt) (image, error) {
	f, err := hostfiles.NewELF(file)
	if err == nil {
		return readELF(f)
	}
	if f, err := hostfiles.NewMachO(file); err == nil {
		return readMachO(f)
	}
	if malformed := (*elf.FormatError)(nil); errors.As(err, &malformed) || errors.Is(err, io.EOF) {
		return image{}, errors.New("neither an ELF nor a Mach-O file")
	}
	return image{}, err
}

func readELF(f *elf.File) (image, error) {
	dynamic, err := hostfiles.ReadDynamic(f)
	if err != nil {
		return image{}, err
	}
	img := image{Image: dynamic}
	if section := f.Section(".rodata"); section != nil {
		img.strings, err = section.Data()
	}
	img.magic = elfMagic(f)
	return img, err
}

// elfMagic reads the magic number where the symbol wsgi_module stands.
func elfMagic(f *elf.File) string {
	symbols, err := f.DynamicSymbols()
	if err != nil {
		return ""
	}
	for _, symbol := range symbols {
		if symbol.Name == "wsgi_module" {
			return installed.SymbolMagic(f, symbol)
		}
	}
	return ""
}

func machoMagic(f *macho.File) string {
	if f.Symtab == nil {
		return ""
	}
	const debugging = 0xe0 // N_STAB: the debugger's symbol of the same name has no address
	for _, symbol := range f.Symtab.Syms {
		if symbol.Name != "_wsgi_module" || symbol.Type&debugging != 0 || symbol.Sect == 0 || int(symbol.Sect) > len(f.Sections) {
			continue
		}
		section := f.Sections[symbol.Sect-1]
		return installed.MagicAt(section, symbol.Value-section.Addr, f.ByteOrder)
	}
	return ""
}

func readMachO(f *macho.File) (image, error) {
	dynamic, err := hostfiles.ReadLoads(f)
	if err != nil {
		return image{}, err
	}
	img := image{Image: dynamic}
	if section := f.Section("__cstring"); section != nil {
		img.strings, err = section.Data()
	}
	img.magic = machoMagic(f)
	return img, err
}
