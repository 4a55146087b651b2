package conf_test

import (
	"debug/elf"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
)

// TestModuleTableIsInTheFilesOfHTTPD reads the command tables out of the files
// of the httpd at hand and its modules: names, forms of arguments and contexts,
// of what is in this release and of nothing else.
func TestModuleTableIsInTheFilesOfHTTPD(t *testing.T) {
	t.Parallel()
	held := map[string][]string{}
	files, _ := filepath.Glob(filepath.Join(httpdtest.ModulesDir(t), "mod_*.so"))
	for _, file := range append(files, httpdtest.Program(t)) {
		readCommandTables(t, file, held)
	}
	compared := 0
	for _, module := range conf.HTTPDModules(httpdtest.Version(t)) {
		want, ok := held[module.Identifier]
		if !ok {
			continue
		}
		compared++
		var got []string
		for _, form := range module.Directives {
			row := fmt.Sprintf("%s %s %s", form.Name, argsWords[form.Args], contextWords(form.Context))
			if !form.Releases.Backported || slices.Contains(want, row) {
				got = append(got, row)
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(slices.Compact(want), got); diff != "" {
			t.Errorf("%s of httpd %s (-httpd +wsgictl):\n%s", module.Identifier, httpdtest.Version(t), diff)
		}
	}
	if compared < 5 {
		t.Errorf("compared %d modules: the files of httpd are not understood", compared)
	}
}

// argsWords are the forms of arguments in the order of conf.ArgsForm.
var argsWords = []string{
	"raw", "none", "flag", "take1", "take2", "take3", "take12", "take13", "take23", "take123", "iterate", "iterate2", "argv",
}

// howWords are the same in the order of httpd (http_config.h: enum cmd_how).
var howWords = []string{
	"raw", "take1", "take2", "iterate", "iterate2", "flag", "none", "take12", "take3", "take23", "take123", "take13", "argv",
}

// contextBits are the places of a directive as httpd numbers them
// (http_config.h: OR_LIMIT, RSRC_CONF, …).
var contextBits = []struct {
	bit     uint32
	context conf.Context
	word    string
}{
	{128, conf.InServer, "server"},
	{64, conf.InDirectory, "directory"},
	{2048, conf.InProxy, "proxy"},
	{1, conf.OverrideLimit, "Limit"},
	{2, conf.OverrideOptions, "Options"},
	{4, conf.OverrideFileInfo, "FileInfo"},
	{8, conf.OverrideAuthConfig, "AuthConfig"},
	{16, conf.OverrideIndexes, "Indexes"},
	{256, conf.OnRead, "on-read"},
}

func contextWords(context conf.Context) string {
	var words []string
	for _, c := range contextBits {
		if context&c.context != 0 {
			words = append(words, c.word)
		}
	}
	return strings.Join(words, ",")
}

// readCommandTables adds the directives of each module in a file to held, by
// the module's identifier.
func readCommandTables(t *testing.T, name string, held map[string][]string) {
	t.Helper()
	file, err := elf.Open(name)
	if err != nil {
		needtest.Elsewhere(t, "the files of httpd are not ELF: %v", err)
	}
	defer file.Close()
	if file.Class != elf.ELFCLASS64 {
		needtest.Elsewhere(t, "the files of httpd are not of 64 bits")
	}
	symbols, err := file.DynamicSymbols()
	if err != nil {
		t.Fatal(err)
	}
	image := newImage(t, file)
	for _, symbol := range symbols {
		const magic, commands = 40, 88 // in struct module_struct
		if symbol.Section == elf.SHN_UNDEF || !strings.HasSuffix(symbol.Name, "_module") || image.word(symbol.Value+magic) != 0x41503234 {
			continue
		}
		held[symbol.Name] = append(held[symbol.Name], image.directives(image.word(symbol.Value+commands))...)
	}
}

// image is a file as the loader lays it into memory.
type image struct {
	file    *elf.File
	order   binary.ByteOrder
	data    map[*elf.Section][]byte
	pointer map[uint64]uint64 // what the loader writes at an address
}

func newImage(t *testing.T, file *elf.File) *image {
	t.Helper()
	m := &image{file: file, order: file.ByteOrder, data: map[*elf.Section][]byte{}, pointer: map[uint64]uint64{}}
	section := file.Section(".rela.dyn")
	if section == nil {
		return m
	}
	entries, err := section.Data()
	if err != nil {
		t.Fatal(err)
	}
	for ; len(entries) >= 24; entries = entries[24:] { // struct Elf64_Rela
		kind := m.order.Uint64(entries[8:]) & 0xffffffff
		if kind == uint64(elf.R_X86_64_RELATIVE) || kind == uint64(elf.R_AARCH64_RELATIVE) {
			m.pointer[m.order.Uint64(entries)] = m.order.Uint64(entries[16:])
		}
	}
	return m
}

// at are the bytes from an address to the end of its section.
func (m *image) at(address uint64) []byte {
	for _, section := range m.file.Sections {
		if section.Type == elf.SHT_NOBITS || section.Addr == 0 || address < section.Addr || address >= section.Addr+section.Size {
			continue
		}
		if m.data[section] == nil {
			m.data[section], _ = section.Data()
		}
		return m.data[section][address-section.Addr:]
	}
	return nil
}

func (m *image) word(address uint64) uint64 {
	if pointer, ok := m.pointer[address]; ok {
		return pointer
	}
	bytes := m.at(address)
	if len(bytes) < 8 {
		return 0
	}
	return m.order.Uint64(bytes)
}

func (m *image) text(address uint64) string {
	text, _, _ := strings.Cut(string(m.at(address)), "\x00")
	return text
}

// directives reads an array of struct command_struct, up to the one without a
// name.
func (m *image) directives(address uint64) (rows []string) {
	const size, contexts, how = 40, 24, 28
	for ; address != 0 && m.word(address) != 0; address += size {
		bits := m.order.Uint32(m.at(address + contexts))
		var words []string
		for _, c := range contextBits {
			if bits&c.bit != 0 {
				words = append(words, c.word)
			}
		}
		args := howWords[m.order.Uint32(m.at(address+how))]
		rows = append(rows, fmt.Sprintf("%s %s %s", m.text(m.word(address)), args, strings.Join(words, ",")))
	}
	return rows
}
