package installed

import (
	"debug/elf"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/wsgictl/wsgictl/hostfiles"
)

// SymbolMagic reads the first two members of Apache's struct module, version
// and minor_version, where a symbol stands.
func SymbolMagic(f *elf.File, symbol elf.Symbol) string {
	section := hostfiles.SectionOf(f, symbol)
	if section == nil {
		return ""
	}
	return MagicAt(section, symbol.Value-section.Addr, f.ByteOrder)
}

// MagicAt reads those two members at an offset of a section: "20120211:142"; empty
// where they do not stand there.
func MagicAt(section io.ReaderAt, offset uint64, order binary.ByteOrder) string {
	members := hostfiles.BytesAt(section, offset, 8)
	if members == nil {
		return ""
	}
	return fmt.Sprintf("%d:%d", order.Uint32(members), order.Uint32(members[4:]))
}
