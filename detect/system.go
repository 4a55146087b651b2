package detect

import (
	"context"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/hostfiles"
)

// readSystem gives what the machine's own files say of it; locales are asked
// for apart, since that starts a program.
func (t tree) readSystem() System {
	s := System{OS: t.OperatingSystem(), Arch: runtime.GOARCH, Locales: []string{}}
	release := t.OSRelease()
	s.Distribution = release["ID"]
	s.DistributionVersion = release["VERSION_ID"]
	s.DistributionLike = hostfiles.NonEmpty(strings.Split(release["ID_LIKE"], " "))
	if s.OS == "darwin" {
		s.Distribution, s.DistributionVersion = "macos", t.macOSVersion()
	}
	if s.OS == "linux" {
		s.LibC = t.libC()
		s.SELinux = t.selinux()
	}
	return s
}

var macOSProductVersion = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`<key>ProductVersion</key>\s*<string>([^<]*)</string>`)
})

func (t tree) macOSVersion() string {
	text, _ := t.Read(hostfiles.MacOSVersionFile)
	if m := macOSProductVersion().FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// libC names the C library by the loader that /bin/sh asks for, since both
// may be installed; where /bin/sh cannot be read, by the loader that is there.
func (t tree) libC() string {
	loader := t.interpreter("/bin/sh")
	if loader == "" {
		loader = strings.Join(append(t.Glob("/", "lib/ld-musl-*.so.1"), t.Glob("/", "lib*/ld-linux*.so.*")...), " ")
	}
	switch {
	case strings.Contains(loader, "ld-musl"):
		return "musl"
	case strings.Contains(loader, "ld-linux"), strings.Contains(loader, "ld64.so"), strings.Contains(loader, "/ld.so"):
		return "glibc"
	default:
		return ""
	}
}

// interpreter gives the loader that an ELF program names (PT_INTERP).
func (t tree) interpreter(program string) string {
	file, err := t.Open(program)
	if err != nil {
		return ""
	}
	defer file.Close()
	f, err := hostfiles.NewELF(file)
	if err != nil {
		return ""
	}
	section := f.Section(".interp")
	if section == nil {
		return ""
	}
	text, err := section.Data()
	if err != nil {
		return ""
	}
	return strings.TrimRight(string(text), "\x00")
}

// selinux reads the state that the kernel keeps.
func (t tree) selinux() string {
	switch text, _ := t.Read("/sys/fs/selinux/enforce"); strings.TrimSpace(text) {
	case "1":
		return "enforcing"
	case "0":
		return "permissive"
	default:
		return ""
	}
}

// readLocales gives the locales as "locale -a" names them. Without that
// program (slim images, Alpine) they are read from the folder of glibc, or of
// BSD's and Apple's library; musl has
// C.UTF-8 built in.
func (t tree) readLocales(ctx context.Context, s System) []string {
	program := t.FirstProgram("locale", append(t.SearchPath(), "/usr/bin"))
	if program != "" {
		if answer, err := t.Output(ctx, program, "-a"); err == nil {
			return strings.Fields(answer)
		}
	}
	locales := []string{"C", "POSIX"}
	if s.LibC == "musl" {
		return append(locales, "C.UTF-8")
	}
	for _, file := range append(t.Glob("/", "usr/lib/locale/*/LC_CTYPE"), t.Glob("/", "usr/share/locale/*/LC_CTYPE")...) {
		locales = append(locales, filepath.Base(filepath.Dir(file)))
	}
	return locales
}

// HasLocale reports whether a locale is installed. glibc takes C.UTF-8 and
// C.utf8 for one.
func (s System) HasLocale(name string) bool {
	return slices.ContainsFunc(s.Locales, func(installed string) bool {
		return normalLocale(installed) == normalLocale(name)
	})
}

func normalLocale(name string) string {
	base, codeset, found := strings.Cut(name, ".")
	if !found {
		return base
	}
	return base + "." + strings.ReplaceAll(strings.ToLower(codeset), "-", "")
}

// hasProgram reports whether a program of this machine's PATH is there.
func (t tree) hasProgram(name string) bool {
	if !t.IsHere() {
		return t.FirstProgram(name, []string{"/usr/bin", "/bin", "/usr/sbin", "/usr/local/bin"}) != ""
	}
	_, err := exec.LookPath(name)
	return err == nil
}
