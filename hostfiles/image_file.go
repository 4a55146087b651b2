package hostfiles

import (
	"debug/elf"
	"debug/macho"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Limits of an image that somebody else made, who may have made it to fill the
// memory. A module with a static libpython has some 5 MB of constants.
const (
	sectionLimit = 32 << 20 // of a section that is read, in bytes
	machoLimit   = 64 << 20 // of a part of a Mach-O file, whose symbols are all read; debug information is not in it
)

// NewELF reads the tables of an ELF file.
func NewELF(file io.ReaderAt) (*elf.File, error) {
	if err := countSections(file); err != nil {
		return nil, err
	}
	f, err := elf.NewFile(file)
	if err != nil {
		return nil, err
	}
	for _, section := range f.Sections {
		if !isRead(section) {
			continue
		}
		read := []*elf.Section{section}
		if int(section.Link) < len(f.Sections) { // its names, in a section of whatever kind
			read = append(read, f.Sections[section.Link])
		}
		for _, section := range read {
			if section.Size > sectionLimit {
				return nil, fmt.Errorf("its section %s has %d bytes, more than any real one", section.Name, section.Size)
			}
		}
	}
	return f, nil
}

// isRead tells those sections whose content is read, here or by debug/elf.
func isRead(section *elf.Section) bool {
	kinds := []elf.SectionType{elf.SHT_DYNAMIC, elf.SHT_DYNSYM, elf.SHT_STRTAB, elf.SHT_GNU_VERSYM, elf.SHT_GNU_VERNEED, elf.SHT_GNU_VERDEF}
	return slices.Contains(kinds, section.Type) || section.Name == ".rodata" || section.Name == ".interp"
}

// countSections refuses a file with more sections than its header can tell
// (elf(5), SHN_LORESERVE): their table alone would take more memory than all else.
func countSections(file io.ReaderAt) error {
	var header [64]byte
	if _, err := file.ReadAt(header[:], 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	var order binary.ByteOrder = binary.LittleEndian
	if elf.Data(header[elf.EI_DATA]) == elf.ELFDATA2MSB {
		order = binary.BigEndian
	}
	table, count := uint64(order.Uint32(header[32:])), order.Uint16(header[48:])
	if elf.Class(header[elf.EI_CLASS]) == elf.ELFCLASS64 {
		table, count = order.Uint64(header[40:]), order.Uint16(header[60:])
	}
	if string(header[:4]) != elf.ELFMAG || table == 0 {
		return nil
	}
	if count == 0 {
		return errors.New("it has more sections than any real library")
	}
	return checkNames(file, order, header, table)
}

// checkNames refuses a file whose names of sections are compressed: debug/elf
// unpacks them, however large they say that they are, before anything of them can
// be looked at.
func checkNames(file io.ReaderAt, order binary.ByteOrder, header [64]byte, table uint64) error {
	size, names := order.Uint16(header[46:]), order.Uint16(header[50:])
	if elf.Class(header[elf.EI_CLASS]) == elf.ELFCLASS64 {
		size, names = order.Uint16(header[58:]), order.Uint16(header[62:])
	}
	var section [16]byte                                                                      // name, kind, flags
	if _, err := file.ReadAt(section[:], int64(table)+int64(size)*int64(names)); err != nil { //nolint:gosec // beyond the file it is an error
		return err
	}
	flags := uint64(order.Uint32(section[8:]))
	if elf.Class(header[elf.EI_CLASS]) == elf.ELFCLASS64 {
		flags = order.Uint64(section[8:])
	}
	if elf.SectionFlag(flags)&elf.SHF_COMPRESSED != 0 { //nolint:gosec // the flag is one of the lowest bits
		return errors.New("the names of its sections are compressed, as in no real library")
	}
	return nil
}

// NewMachO reads the tables of a Mach-O file, of one for several processors
// those of the first part.
func NewMachO(file io.ReaderAt) (*macho.File, error) {
	// Of a file for several: magic and number of parts; then of each its
	// processor, the processor's kind, offset and size (<mach-o/fat.h>).
	var header [24]byte
	if _, err := file.ReadAt(header[:], 0); err != nil {
		return nil, err
	}
	part := io.NewSectionReader(file, 0, machoLimit)
	if big := binary.BigEndian; big.Uint32(header[:]) == macho.MagicFat {
		part = io.NewSectionReader(file, int64(big.Uint32(header[16:])), min(int64(big.Uint32(header[20:])), machoLimit))
	}
	return macho.NewFile(part)
}
