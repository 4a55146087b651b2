package hostfiles

import (
	"debug/elf"
	"debug/macho"
	"io"
	"math"
	"strings"
)

// An Image is what the loader goes by in a program or library.
type Image struct {
	Arch    string   // GOARCH
	Needed  []string // names of libraries, as written
	RunPath []string // DT_RUNPATH, else DT_RPATH; the LC_RPATHs of Mach-O
}

// ELFArch names the processors of ELF files as Go does.
var ELFArch = map[elf.Machine]string{
	elf.EM_X86_64: "amd64", elf.EM_386: "386", elf.EM_AARCH64: "arm64", elf.EM_ARM: "arm",
	elf.EM_PPC64: "ppc64", elf.EM_S390: "s390x", elf.EM_RISCV: "riscv64", elf.EM_LOONGARCH: "loong64",
}

// ReadDynamic reads what the loader goes by in an ELF file.
func ReadDynamic(f *elf.File) (Image, error) {
	img := Image{Arch: ELFArch[f.Machine]}
	if f.Machine == elf.EM_PPC64 && f.Data == elf.ELFDATA2LSB {
		img.Arch = "ppc64le"
	}
	var err error
	if img.Needed, err = f.ImportedLibraries(); err != nil {
		return Image{}, err
	}
	// The loader ignores DT_RPATH where DT_RUNPATH is present.
	paths, err := f.DynString(elf.DT_RUNPATH)
	if err != nil || len(paths) == 0 {
		paths, _ = f.DynString(elf.DT_RPATH)
	}
	for _, path := range paths {
		img.RunPath = append(img.RunPath, NonEmpty(strings.Split(path, ":"))...)
	}
	return img, nil
}

// ReadLoads reads what the loader goes by in a Mach-O file.
func ReadLoads(f *macho.File) (Image, error) {
	img := Image{Arch: machOArch[f.Cpu]}
	var err error
	if img.Needed, err = f.ImportedLibraries(); err != nil {
		return Image{}, err
	}
	for _, load := range f.Loads {
		if rpath, ok := load.(*macho.Rpath); ok {
			img.RunPath = append(img.RunPath, rpath.Path)
		}
	}
	return img, nil
}

// Architecture is the GOARCH that a program was made for; empty when it is a
// script or of several.
func (r Root) Architecture(program string) string {
	file, err := r.Open(program)
	if err != nil {
		return ""
	}
	defer file.Close()
	if f, err := NewELF(file); err == nil {
		return ELFArch[f.Machine]
	}
	if f, err := NewMachO(file); err == nil {
		return machOArch[f.Cpu]
	}
	return ""
}

// SectionOf gives the section with the bytes of a symbol; nil when the file
// holds none.
func SectionOf(f *elf.File, symbol elf.Symbol) *elf.Section {
	if symbol.Section == elf.SHN_UNDEF || int(symbol.Section) >= len(f.Sections) {
		return nil
	}
	section := f.Sections[symbol.Section]
	if section.Type == elf.SHT_NOBITS {
		return nil
	}
	return section
}

// BytesAt reads a part of a section; nil when it does not stand there.
func BytesAt(section io.ReaderAt, offset uint64, length int) []byte {
	if offset > math.MaxInt32 {
		return nil
	}
	part := make([]byte, length)
	if _, err := section.ReadAt(part, int64(offset)); err != nil {
		return nil
	}
	return part
}

var machOArch = map[macho.Cpu]string{macho.CpuAmd64: "amd64", macho.CpuArm64: "arm64", macho.Cpu386: "386"}

// NonEmpty are the words that are not empty, nil where none is.
func NonEmpty(words []string) []string {
	var kept []string
	for _, word := range words {
		if word != "" {
			kept = append(kept, word)
		}
	}
	return kept
}
