package modwsgi

import (
	"crypto/sha256"
	"fmt"
	"path"
	"regexp"
	"strings"
	"sync"
)

// A ModuleFile is what the name of a copy of mod_wsgi says that root keeps, or
// that Apache loads.
type ModuleFile struct {
	Release Release
	Python  string // that it is for: "3.11"
}

// Name is the name of the copy: another one for each content, so that a running
// Apache keeps the file that it has mapped.
func (f ModuleFile) Name(content []byte) string {
	digest := sha256.Sum256(content)
	return fmt.Sprintf("mod_wsgi-%s-py%s-%x.so", f.Release, f.Python, digest[:4])
}

// ParseModuleFile reads the name of a copy, with or without folders before it. It
// is false for other names.
func ParseModuleFile(name string) (ModuleFile, bool) {
	match := moduleFile().FindStringSubmatch(path.Base(name))
	if match == nil {
		return ModuleFile{}, false
	}
	release, err := ParseRelease(match[1])
	return ModuleFile{release, match[2]}, err == nil
}

// Beside is the path of the mod_wsgictl that is built with a mod_wsgi: in the same
// folder, by the same name but for its beginning.
func Beside(module string) string {
	folder, name := path.Split(module)
	return folder + besidePrefix + strings.TrimPrefix(name, "mod_wsgi")
}

// IsBeside tells the path of a mod_wsgictl from that of a mod_wsgi.
func IsBeside(module string) bool { return strings.HasPrefix(path.Base(module), besidePrefix) }

const besidePrefix = "mod_wsgictl"

// IsCopy tells the name of a copy of mod_wsgi, or of the mod_wsgictl beside one, from
// other names.
func IsCopy(name string) bool {
	if IsBeside(name) {
		name = "mod_wsgi" + strings.TrimPrefix(path.Base(name), besidePrefix)
	}
	_, ok := ParseModuleFile(name)
	return ok
}

var moduleFile = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^mod_wsgi-([0-9][0-9a-z.+!]*)-py([0-9]+\.[0-9]+)-[0-9a-f]{8}\.so$`)
})
