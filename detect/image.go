package detect

import (
	"debug/elf"
	"debug/macho"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
)

// image is what both file formats tell.
type image struct {
	arch    string
	needed  []string
	runPath []string
	strings []byte // the section of string constants
	magic   string // of the symbol wsgi_module
}

func readImage(file io.ReaderAt) (image, error) {
	f, err := newELF(file)
	if err == nil {
		return readELF(f)
	}
	if f, err := newMachO(file); err == nil {
		return readMachO(f)
	}
	if malformed := (*elf.FormatError)(nil); errors.As(err, &malformed) || errors.Is(err, io.EOF) {
		return image{}, errors.New("neither an ELF nor a Mach-O file")
	}
	return image{}, err
}

var elfArch = map[elf.Machine]string{
	elf.EM_X86_64: "amd64", elf.EM_386: "386", elf.EM_AARCH64: "arm64", elf.EM_ARM: "arm",
	elf.EM_PPC64: "ppc64", elf.EM_S390: "s390x", elf.EM_RISCV: "riscv64", elf.EM_LOONGARCH: "loong64",
}

func readELF(f *elf.File) (image, error) {
	img, err := readDynamic(f)
	if err != nil {
		return image{}, err
	}
	if section := f.Section(".rodata"); section != nil {
		img.strings, err = section.Data()
	}
	img.magic = elfMagic(f)
	return img, err
}

// readDynamic reads what the loader goes by.
func readDynamic(f *elf.File) (image, error) {
	img := image{arch: elfArch[f.Machine]}
	if f.Machine == elf.EM_PPC64 && f.Data == elf.ELFDATA2LSB {
		img.arch = "ppc64le"
	}
	var err error
	if img.needed, err = f.ImportedLibraries(); err != nil {
		return image{}, err
	}
	// The loader ignores DT_RPATH where DT_RUNPATH is present.
	paths, err := f.DynString(elf.DT_RUNPATH)
	if err != nil || len(paths) == 0 {
		paths, _ = f.DynString(elf.DT_RPATH)
	}
	for _, path := range paths {
		img.runPath = append(img.runPath, nonEmpty(strings.Split(path, ":"))...)
	}
	return img, nil
}

// architecture is the GOARCH that a program was made for; empty when it is a
// script or of several.
func (t tree) architecture(program string) string {
	file, err := t.open(program)
	if err != nil {
		return ""
	}
	defer file.Close()
	if f, err := newELF(file); err == nil {
		return elfArch[f.Machine]
	}
	if f, err := newMachO(file); err == nil {
		return machoArch[f.Cpu]
	}
	return ""
}

// elfMagic reads the magic number where the symbol wsgi_module stands.
func elfMagic(f *elf.File) string {
	symbols, err := f.DynamicSymbols()
	if err != nil {
		return ""
	}
	for _, symbol := range symbols {
		if symbol.Name == "wsgi_module" {
			return symbolMagic(f, symbol)
		}
	}
	return ""
}

// symbolMagic reads the first two members of Apache's struct module, version
// and minor_version, where a symbol stands.
func symbolMagic(f *elf.File, symbol elf.Symbol) string {
	section := sectionOf(f, symbol)
	if section == nil {
		return ""
	}
	return magicAt(section, symbol.Value-section.Addr, f.ByteOrder)
}

// sectionOf gives the section with the bytes of a symbol; nil when the file
// holds none.
func sectionOf(f *elf.File, symbol elf.Symbol) *elf.Section {
	if symbol.Section == elf.SHN_UNDEF || int(symbol.Section) >= len(f.Sections) {
		return nil
	}
	section := f.Sections[symbol.Section]
	if section.Type == elf.SHT_NOBITS {
		return nil
	}
	return section
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
		return magicAt(section, symbol.Value-section.Addr, f.ByteOrder)
	}
	return ""
}

func magicAt(section io.ReaderAt, offset uint64, order binary.ByteOrder) string {
	members := bytesAt(section, offset, 8)
	if members == nil {
		return ""
	}
	return fmt.Sprintf("%d:%d", order.Uint32(members), order.Uint32(members[4:]))
}

// bytesAt reads a part of a section; nil when it does not stand there.
func bytesAt(section io.ReaderAt, offset uint64, length int) []byte {
	if offset > math.MaxInt32 {
		return nil
	}
	part := make([]byte, length)
	if _, err := section.ReadAt(part, int64(offset)); err != nil {
		return nil
	}
	return part
}

var machoArch = map[macho.Cpu]string{macho.CpuAmd64: "amd64", macho.CpuArm64: "arm64", macho.Cpu386: "386"}

func readMachO(f *macho.File) (image, error) {
	img := image{arch: machoArch[f.Cpu]}
	var err error
	if img.needed, err = f.ImportedLibraries(); err != nil {
		return image{}, err
	}
	for _, load := range f.Loads {
		if rpath, ok := load.(*macho.Rpath); ok {
			img.runPath = append(img.runPath, rpath.Path)
		}
	}
	if section := f.Section("__cstring"); section != nil {
		img.strings, err = section.Data()
	}
	img.magic = machoMagic(f)
	return img, err
}
