package detect

import (
	"bytes"
	"compress/zlib"
	"debug/elf"
	"encoding/binary"
	"os"
	"runtime"
	"testing"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/needtest"
)

// A module of somebody else's says that the names of its sections, or of its
// symbols, are compressed, and have 64 GB.
func TestCompressedNamesAreNotUnpacked(t *testing.T) {
	t.Parallel()
	shell, err := os.ReadFile("/bin/sh")
	if err != nil {
		t.Fatal(err)
	}
	if elf.Class(shell[elf.EI_CLASS]) != elf.ELFCLASS64 || elf.Data(shell[elf.EI_DATA]) != elf.ELFDATA2LSB {
		needtest.Elsewhere(t, "laid for 64 bits, little endian")
	}
	f, err := hostfiles.NewELF(bytes.NewReader(shell))
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	for zeros := make([]byte, 1<<20); packed.Len() < 1<<19; {
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	order := binary.LittleEndian
	for name, section := range map[string]uint32{
		"of sections": uint32(order.Uint16(shell[62:])),
		"of symbols":  f.SectionByType(elf.SHT_DYNSYM).Link,
	} {
		bomb := bytes.Clone(shell)
		at := order.Uint64(bomb[40:]) + uint64(order.Uint16(bomb[58:]))*uint64(section)
		if name == "of symbols" {
			order.PutUint32(bomb[at+4:], uint32(elf.SHT_PROGBITS))
		}
		order.PutUint64(bomb[at+8:], uint64(elf.SHF_COMPRESSED))
		order.PutUint64(bomb[at+24:], uint64(len(bomb)))
		order.PutUint64(bomb[at+32:], uint64(24+packed.Len()))
		header := make([]byte, 24)
		order.PutUint32(header, uint32(elf.COMPRESS_ZLIB))
		order.PutUint64(header[8:], 64<<30)
		order.PutUint64(header[16:], 1)
		bomb = append(append(bomb, header...), packed.Bytes()...)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := readImage(bytes.NewReader(bomb))
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; err == nil || took > 200<<20 {
			t.Errorf("names %s: %v, %d MB were taken", name, err, took>>20)
		}
	}
}
