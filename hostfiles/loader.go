package hostfiles

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// ResolveLibrary finds the file that the run-time loader takes for a library that
// the image at path needs, in the loader's order: LD_LIBRARY_PATH (only as Apache's
// envvars sets it: the caller's shell is not Apache's), the image's own run path,
// the loader's cache, its default folders. Empty when it would find none. See
// ld.so(8) and musl's ldso/dynlink.c.
func (r Root) ResolveLibrary(library, path string, image Image, envPath []string) string {
	if filepath.IsAbs(library) { // macOS install names are paths
		if r.IsFile(library) {
			return library
		}
		return ""
	}
	name := strings.TrimPrefix(library, "@rpath/")
	for _, dir := range append(append([]string{}, envPath...), image.runPathFolders(filepath.Dir(path))...) {
		if path := filepath.Join(dir, name); r.fits(path, image.Arch) {
			return path
		}
	}
	for _, path := range r.loaderCache(name) {
		if r.fits(path, image.Arch) {
			return path
		}
	}
	for _, dir := range r.loaderFolders(image.Arch) {
		if path := filepath.Join(dir, name); r.fits(path, image.Arch) {
			return path
		}
	}
	return ""
}

// Loads reports whether every library that the program at path needs is there.
// Which of several the loader would take does not matter, so that its cache is
// read only where the usual folders lack one.
func (r Root) Loads(f *elf.File, path string) bool {
	image, err := ReadDynamic(f)
	if err != nil {
		return false
	}
	usual := r.loaderFolders(image.Arch)
	return !slices.ContainsFunc(image.Needed, func(name string) bool {
		inFolder := func(dir string) bool { return r.IsFile(filepath.Join(dir, name)) }
		return !slices.ContainsFunc(usual, inFolder) && r.ResolveLibrary(name, path, image, nil) == ""
	})
}

// runPathFolders expands $ORIGIN, the folder of the image itself.
func (i Image) runPathFolders(origin string) []string {
	expand := strings.NewReplacer("$ORIGIN", origin, "${ORIGIN}", origin, "@loader_path", origin)
	var dirs []string
	for _, dir := range i.RunPath {
		dirs = append(dirs, filepath.Clean(expand.Replace(dir)))
	}
	return dirs
}

// fits reports whether a library is there and made for the architecture; the
// loader passes over one of another.
func (r Root) fits(path, arch string) bool {
	if !r.IsFile(path) {
		return false
	}
	file, err := r.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	f, err := NewELF(file)
	if err != nil {
		return runtime.GOOS == "darwin"
	}
	return ELFArch[f.Machine] == arch || arch == ""
}

// loaderFolders are the folders searched without being told: glibc's, the
// multiarch ones that Debian adds, or those of musl's path file.
func (r Root) loaderFolders(arch string) []string {
	if dirs := r.muslFolders(); dirs != nil {
		return dirs
	}
	dirs := []string{"/lib64", "/usr/lib64", "/lib", "/usr/lib"}
	if runtime.GOOS == "darwin" || runtime.GOOS == "freebsd" {
		dirs = []string{"/lib", "/usr/lib", "/usr/local/lib"}
	}
	if triplet := Multiarch[arch]; triplet != "" {
		dirs = append([]string{"/lib/" + triplet, "/usr/lib/" + triplet}, dirs...)
	}
	return dirs
}

// Multiarch names Debian's folder for an architecture.
var Multiarch = map[string]string{
	"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu", "386": "i386-linux-gnu", "arm": "arm-linux-gnueabihf",
	"ppc64le": "powerpc64le-linux-gnu", "s390x": "s390x-linux-gnu", "riscv64": "riscv64-linux-gnu",
}

// muslFolders gives musl's search path, nil on a host without musl.
func (r Root) muslFolders() []string {
	if len(r.Glob("/", "lib/ld-musl-*.so.1")) == 0 {
		return nil
	}
	for _, file := range r.Glob("/etc", "ld-musl-*.path") {
		if text, err := r.Read(file); err == nil {
			return strings.FieldsFunc(text, func(r rune) bool { return r == ':' || r == '\n' })
		}
	}
	return []string{"/lib", "/usr/local/lib", "/usr/lib"}
}

// loaderCache gives the files that /etc/ld.so.cache holds for a name, in its
// order. The format is glibc's "glibc-ld.so.cache1.1": a header, then entries
// that point to NUL-terminated names. Without that file, the folders of
// ld.so.conf are searched as ldconfig would.
func (r Root) loaderCache(name string) []string {
	content, err := r.ReadLarge("/etc/ld.so.cache")
	if err != nil {
		return r.configuredFolders(name)
	}
	const magic = "glibc-ld.so.cache1.1"
	const headerSize, entrySize = 48, 24
	start := strings.Index(content, magic) // an old-format table may stand before it
	if start < 0 || len(content) < start+headerSize {
		return r.configuredFolders(name)
	}
	cache := []byte(content[start:])
	count := int(binary.NativeEndian.Uint32(cache[20:]))
	var found []string
	for i := range count {
		offset := headerSize + i*entrySize
		if offset+entrySize > len(cache) {
			break
		}
		entry := cache[offset:]
		if CString(cache, binary.NativeEndian.Uint32(entry[4:])) == name {
			found = append(found, CString(cache, binary.NativeEndian.Uint32(entry[8:])))
		}
	}
	return found
}

// CString is the text that ends with a zero byte at an offset.
func CString(data []byte, offset uint32) string {
	if int64(offset) >= int64(len(data)) {
		return ""
	}
	text, _, _ := bytes.Cut(data[offset:], []byte{0})
	return string(text)
}

// configuredFolders looks for a library in the folders that ld.so.conf and
// the files it includes name.
func (r Root) configuredFolders(name string) []string {
	var found []string
	for _, dir := range r.loaderConfig("/etc/ld.so.conf", 0) {
		if path := filepath.Join(dir, name); r.IsFile(path) {
			found = append(found, path)
		}
	}
	return found
}

func (r Root) loaderConfig(file string, depth int) []string {
	text, err := r.Read(file)
	if err != nil || depth > 5 {
		return nil
	}
	var dirs []string
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		switch {
		case len(words) == 2 && words[0] == "include":
			pattern := words[1]
			if !filepath.IsAbs(pattern) {
				pattern = filepath.Join(filepath.Dir(file), pattern)
			}
			for _, included := range r.Glob("/", pattern) {
				dirs = append(dirs, r.loaderConfig(included, depth+1)...)
			}
		case len(words) == 1:
			dirs = append(dirs, words[0])
		}
	}
	return dirs
}
