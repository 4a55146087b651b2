package detect

import (
	"bytes"
	"encoding/binary"
	"path/filepath"
	"runtime"
	"strings"
)

// resolveLibrary finds the file that the run-time loader takes for the
// libpython that a module needs, in the loader's order: LD_LIBRARY_PATH (only
// as Apache's envvars sets it: the caller's shell is not Apache's), the
// module's own run path, the loader's cache, its default folders. Empty when
// it would find none. See ld.so(8) and musl's ldso/dynlink.c.
func (t tree) resolveLibrary(m Module, envPath []string) string {
	if filepath.IsAbs(m.Libpython) { // macOS install names are paths
		if t.isFile(m.Libpython) {
			return m.Libpython
		}
		return ""
	}
	name := strings.TrimPrefix(m.Libpython, "@rpath/")
	for _, dir := range append(append([]string{}, envPath...), m.runPathFolders()...) {
		if path := filepath.Join(dir, name); t.fits(path, m.Arch) {
			return path
		}
	}
	for _, path := range t.loaderCache(name) {
		if t.fits(path, m.Arch) {
			return path
		}
	}
	for _, dir := range t.loaderFolders(m.Arch) {
		if path := filepath.Join(dir, name); t.fits(path, m.Arch) {
			return path
		}
	}
	return ""
}

// runPathFolders expands $ORIGIN, the folder of the module itself.
func (m Module) runPathFolders() []string {
	origin := filepath.Dir(m.Path)
	expand := strings.NewReplacer("$ORIGIN", origin, "${ORIGIN}", origin, "@loader_path", origin)
	var dirs []string
	for _, dir := range m.RunPath {
		dirs = append(dirs, filepath.Clean(expand.Replace(dir)))
	}
	return dirs
}

// fits reports whether a library is there and made for the architecture; the
// loader passes over one of another.
func (t tree) fits(path, arch string) bool {
	if !t.isFile(path) {
		return false
	}
	file, err := t.open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	f, err := newELF(file)
	if err != nil {
		return runtime.GOOS == "darwin"
	}
	return elfArch[f.Machine] == arch || arch == ""
}

// loaderFolders are the folders searched without being told: glibc's, the
// multiarch ones that Debian adds, or those of musl's path file.
func (t tree) loaderFolders(arch string) []string {
	if dirs := t.muslFolders(); dirs != nil {
		return dirs
	}
	dirs := []string{"/lib64", "/usr/lib64", "/lib", "/usr/lib"}
	if runtime.GOOS == "darwin" || runtime.GOOS == "freebsd" {
		dirs = []string{"/lib", "/usr/lib", "/usr/local/lib"}
	}
	if triplet := multiarch[arch]; triplet != "" {
		dirs = append([]string{"/lib/" + triplet, "/usr/lib/" + triplet}, dirs...)
	}
	return dirs
}

// multiarch names Debian's folder for an architecture.
var multiarch = map[string]string{
	"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu", "386": "i386-linux-gnu", "arm": "arm-linux-gnueabihf",
	"ppc64le": "powerpc64le-linux-gnu", "s390x": "s390x-linux-gnu", "riscv64": "riscv64-linux-gnu",
}

// muslFolders gives musl's search path, nil on a host without musl.
func (t tree) muslFolders() []string {
	if len(t.glob("/", "lib/ld-musl-*.so.1")) == 0 {
		return nil
	}
	for _, file := range t.glob("/etc", "ld-musl-*.path") {
		if text, err := t.read(file); err == nil {
			return strings.FieldsFunc(text, func(r rune) bool { return r == ':' || r == '\n' })
		}
	}
	return []string{"/lib", "/usr/local/lib", "/usr/lib"}
}

// loaderCache gives the files that /etc/ld.so.cache holds for a name, in its
// order. The format is glibc's "glibc-ld.so.cache1.1": a header, then entries
// that point to NUL-terminated names. Without that file, the folders of
// ld.so.conf are searched as ldconfig would.
func (t tree) loaderCache(name string) []string {
	content, err := t.readLarge("/etc/ld.so.cache")
	if err != nil {
		return t.configuredFolders(name)
	}
	const magic = "glibc-ld.so.cache1.1"
	const headerSize, entrySize = 48, 24
	start := strings.Index(content, magic) // an old-format table may stand before it
	if start < 0 || len(content) < start+headerSize {
		return t.configuredFolders(name)
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
		if cString(cache, binary.NativeEndian.Uint32(entry[4:])) == name {
			found = append(found, cString(cache, binary.NativeEndian.Uint32(entry[8:])))
		}
	}
	return found
}

func cString(data []byte, offset uint32) string {
	if int64(offset) >= int64(len(data)) {
		return ""
	}
	text, _, _ := bytes.Cut(data[offset:], []byte{0})
	return string(text)
}

// configuredFolders looks for a library in the folders that ld.so.conf and
// the files it includes name.
func (t tree) configuredFolders(name string) []string {
	var found []string
	for _, dir := range t.loaderConfig("/etc/ld.so.conf", 0) {
		if path := filepath.Join(dir, name); t.isFile(path) {
			found = append(found, path)
		}
	}
	return found
}

func (t tree) loaderConfig(file string, depth int) []string {
	text, err := t.read(file)
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
			for _, included := range t.glob("/", pattern) {
				dirs = append(dirs, t.loaderConfig(included, depth+1)...)
			}
		case len(words) == 1:
			dirs = append(dirs, words[0])
		}
	}
	return dirs
}
