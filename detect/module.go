package detect

import (
	"debug/elf"
	"debug/macho"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"
)

// ReadModule reads what a mod_wsgi module file says of itself, from its ELF or
// Mach-O structure. The file is not loaded, so a hostile or broken one does no
// harm.
func ReadModule(path string) (Module, error) {
	return tree("").readModule(path, nil)
}

// VirtualenvModules reads the modules that pip or wsgictl put into a
// virtualenv, in the order of their names. None is no error.
func VirtualenvModules(v Virtualenv) ([]Module, error) {
	return tree("").virtualenvModules(v, nil)
}

func (t tree) virtualenvModules(v Virtualenv, envPath []string) ([]Module, error) {
	var modules []Module
	for _, path := range t.glob(filepath.Join(v.SitePackages, "mod_wsgi", "server", "mod_wsgi-py*.so")) {
		m, err := t.readModule(path, envPath)
		if err != nil {
			return modules, err
		}
		if m.Release == "" {
			m.Release = t.distributionVersion(v.SitePackages, "mod_wsgi")
		}
		modules = append(modules, m)
	}
	return modules, nil
}

// image is what both file formats tell.
type image struct {
	arch    string
	needed  []string
	runPath []string
	strings []byte // the section of string constants
	magic   string // of the symbol wsgi_module
}

// readModule reads one module. envPath holds the folders of LD_LIBRARY_PATH
// as Apache's own envvars file sets it, if it does.
func (t tree) readModule(path string, envPath []string) (Module, error) {
	file, err := os.Open(t.at(path))
	if err != nil {
		return Module{}, fmt.Errorf("read module: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return Module{}, fmt.Errorf("read module: %w", err)
	}
	img, err := readImage(file)
	if err != nil {
		return Module{}, fmt.Errorf("read module %s: %w", path, err)
	}
	m := Module{Path: path, Arch: img.arch, MagicNumber: img.magic, RunPath: append([]string{}, img.runPath...), Size: info.Size()}
	for _, name := range img.needed {
		if isLibpython(name) {
			m.Libpython = name
		}
	}
	constants := stringConstants(img.strings)
	m.Python = pythonOfNames(m.Libpython, path)
	m.Release = moduleRelease(constants, m.Python)
	if m.Python == "" {
		m.Python = pythonOfConstants(constants, m.Release)
	}
	if m.Libpython != "" {
		m.Resolved = t.resolveLibrary(m, envPath)
	}
	return m, nil
}

func readImage(file io.ReaderAt) (image, error) {
	if f, err := elf.NewFile(file); err == nil {
		return readELF(f)
	}
	if f, err := macho.NewFatFile(file); err == nil {
		return readMachO(f.Arches[0].File)
	}
	if f, err := macho.NewFile(file); err == nil {
		return readMachO(f)
	}
	return image{}, fmt.Errorf("neither an ELF nor a Mach-O file")
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
	if f, err := elf.Open(t.at(program)); err == nil {
		defer f.Close()
		return elfArch[f.Machine]
	}
	if f, err := macho.Open(t.at(program)); err == nil {
		defer f.Close()
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

// isLibpython tells Python's own library from others: libpython3.11.so.1.0,
// or Python of a macOS framework.
func isLibpython(name string) bool {
	base := filepath.Base(name)
	return strings.HasPrefix(base, "libpython") || (base == "Python" && strings.Contains(name, "Python.framework/"))
}

// stringConstants splits a section of C string constants; what cannot be a
// version or one of the texts around it is left out.
func stringConstants(section []byte) []string {
	var found []string
	for text := range strings.SplitSeq(string(section), "\x00") {
		if len(text) >= 3 && len(text) < 200 {
			found = append(found, text)
		}
	}
	return found
}

var (
	libpythonName  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^libpython(\d+\.\d+)`) })
	frameworkName  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`/Versions/(\d+\.\d+)/Python$`) })
	moduleFileName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^mod_wsgi-py(\d)(\d+)\.`) })
	versionText    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d+\.\d+\.\d+)((a|b|rc)\d+)?\+?$`) })
	libraryPath    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`/python([23]\.\d+)/`) })
	releaseText    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^mod_wsgi/(\d+\.\d+(\.\d+)?\S*)$`) })
)

// pythonOfNames gives the Python version ("3.11") that a module was compiled
// for, by the library that it needs, else by the file name that setup.py
// chooses.
func pythonOfNames(libpython, path string) string {
	if m := libpythonName().FindStringSubmatch(filepath.Base(libpython)); m != nil {
		return m[1]
	}
	if m := frameworkName().FindStringSubmatch(libpython); m != nil {
		return m[1]
	}
	if m := moduleFileName().FindStringSubmatch(filepath.Base(path)); m != nil {
		return m[1] + "." + m[2]
	}
	return ""
}

// pythonOfConstants gives it for a mod_wsgi.so with a static libpython, by
// PY_VERSION, which stands near the text that reports it, else by a path of
// the standard library or the headers: the linker may have merged PY_VERSION
// into a longer text that ends with it.
func pythonOfConstants(constants []string, release string) string {
	others := slices.DeleteFunc(slices.Clone(constants), func(text string) bool { return text == release })
	if found := nearestVersion(others, "ompiled for Python/%s", ""); found != "" {
		return minorVersion(found)
	}
	for _, text := range constants {
		if m := libraryPath().FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
	return ""
}

// moduleRelease gives mod_wsgi's own version. The C source formats it into
// "mod_wsgi/%s"; the compiler keeps both texts of one function close together.
// A version that starts like Python's own is PY_VERSION.
func moduleRelease(constants []string, python string) string {
	for _, text := range constants {
		if !strings.HasPrefix(text, "mod_wsgi/") {
			continue // cheaper than the expression
		}
		if m := releaseText().FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
	return nearestVersion(constants, "mod_wsgi/%s", python)
}

// nearestVersion gives the version among the constants that stands nearest to
// one that contains anchor, leaving out those of the series except.
func nearestVersion(constants []string, anchor, except string) string {
	at := -1
	for i, text := range constants {
		if strings.Contains(text, anchor) {
			at = i
			break
		}
	}
	if at < 0 {
		return ""
	}
	var versions []int
	for i, text := range constants {
		if '0' <= text[0] && text[0] <= '9' && versionText().MatchString(text) && (except == "" || minorVersion(text) != except) {
			versions = append(versions, i)
		}
	}
	if len(versions) == 0 {
		return ""
	}
	sort.Slice(versions, func(a, b int) bool { return distance(versions[a], at) < distance(versions[b], at) })
	return constants[versions[0]]
}

func distance(a, b int) int {
	if a > b {
		return a - b
	}
	return b - a
}

func nonEmpty(words []string) []string {
	var kept []string
	for _, word := range words {
		if word != "" {
			kept = append(kept, word)
		}
	}
	return kept
}
