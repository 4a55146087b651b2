package detect

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/trust"
)

//go:embed python_facts.py
var pythonFacts string

// readOrAskPython gives an interpreter's facts: from its files where these
// tell the whole version and platform, else from the interpreter itself.
func (t tree) readOrAskPython(ctx context.Context, path string) (*Python, error) {
	if p := t.readPython(path); p != nil && p.PlatformTag != "" && strings.Count(p.Version, ".") == 2 {
		return p, nil
	}
	program, interpreter := t.toAsk(path)
	p, err := t.askPython(ctx, program)
	if err != nil {
		return nil, err
	}
	p.Path, p.Interpreter, p.Prefix = path, interpreter, t.prefixOf(path, p.Prefix)
	return p, nil
}

// toAsk is the program that is started for an interpreter's facts, and the file
// that answers. Where a link of somebody else's leads root to a Python that root
// alone can change, that one is started, so that nothing else answers in its
// place. Where it leads elsewhere, to another program of root's too, whoever can
// change the link answers.
func (t tree) toAsk(path string) (program, interpreter string) {
	if !t.IsHere() || os.Geteuid() != 0 {
		return path, t.Real(path)
	}
	way, err := trust.Look(path)
	switch {
	case err != nil:
		return path, path // it does not start, and says why
	case trust.Deciders().Accept(way) == nil:
		return path, way.Real
	case trust.Deciders().Check(way.Real) == nil && t.looksLikePython(way.Real):
		return way.Real, way.Real
	}
	return path, path
}

// looksLikePython tells an interpreter from root's other programs, which nobody
// else is to choose from, by its name, and from a script.
func (t tree) looksLikePython(program string) bool {
	return interpreterName().MatchString(filepath.Base(program)) && t.Architecture(program) != ""
}

// askPython starts the interpreter once and reads what its sysconfig says.
// The switches keep it from running anything but the script: no PYTHON*
// variables (-E), no user or virtual environment's start-up code (-s, -S), no
// bytecode written (-B). They are those that Python 2.7 knows too; -I is not.
func (t tree) askPython(ctx context.Context, path string) (*Python, error) {
	answer, err := t.Output(ctx, path, "-E", "-s", "-S", "-B", "-c", pythonFacts)
	if err != nil {
		return nil, fmt.Errorf("ask Python for its facts: %w", err)
	}
	var facts map[string]string
	if err := json.Unmarshal([]byte(answer), &facts); err != nil {
		return nil, fmt.Errorf("ask Python for its facts: %s gave no JSON, so it is not a Python interpreter", path)
	}
	p := t.pythonFrom(facts)
	p.Path, p.Interpreter = path, t.Real(path)
	p.Prefix = t.prefixOf(path, facts["prefix"])
	return p, nil
}

// pythonFrom turns sysconfig's variables into a Python.
func (t tree) pythonFrom(facts map[string]string) *Python {
	p := &Python{
		Version:        facts["version"],
		Implementation: facts["implementation"],
		BasePrefix:     facts["base_prefix"],
		Shared:         facts["Py_ENABLE_SHARED"] == "1",
		LibDir:         facts["LIBDIR"],
		LDVersion:      facts["LDVERSION"],
		PlatStdlib:     facts["platstdlib"],
		IncludeDir:     facts["INCLUDEPY"],
		SOABI:          facts["SOABI"],
		ExtSuffix:      facts["EXT_SUFFIX"],
		PlatformTag:    strings.NewReplacer("-", "_", ".", "_").Replace(facts["platform"]),
		Debug:          facts["Py_DEBUG"] == "1",
		FreeThreaded:   facts["Py_GIL_DISABLED"] == "1",
		CC:             facts["CC"],
		CFlags:         facts["CFLAGS"],
		CCShared:       facts["CCSHARED"],
		LDShared:       facts["LDSHARED"],
		LDFlags:        strings.TrimSpace(facts["LDFLAGS"]),
		Libs:           strings.TrimSpace(facts["LIBS"] + " " + facts["SYSLIBS"]),
		Framework:      facts["PYTHONFRAMEWORKPREFIX"],
		LDLibrary:      facts["LDLIBRARY"],
	}
	if p.LDVersion == "" { // Python 2
		p.LDVersion = p.MinorVersion() + facts["ABIFLAGS"]
	}
	p.ABITag = abiTag(p, facts["ABIFLAGS"])
	p.Header = t.Exists(filepath.Join(p.IncludeDir, "Python.h"))
	p.Libpython = t.sharedLibpython(p, facts["INSTSONAME"])
	p.StaticLib = t.staticLibpython(p, facts["LIBRARY"], facts["LIBPL"])
	return p
}

// MinorVersion is the part of the version that decides which modules fit:
// "3.11" of 3.11.7.
func (p Python) MinorVersion() string { return MinorVersion(p.Version) }

// MinorVersion gives "3.11" of "3.11.7".
func MinorVersion(version string) string {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return version
	}
	return parts[0] + "." + parts[1]
}

// abiTag names the ABI as PEP 425 does. Before 3.8 a build with pymalloc
// carried an "m".
func abiTag(p *Python, flags string) string {
	if p.Implementation != "cpython" {
		return ""
	}
	return "cp" + strings.ReplaceAll(p.MinorVersion(), ".", "") + flags
}

// sharedLibpython finds the file behind INSTSONAME, such as
// libpython3.11.so.1.0, or the library of a macOS framework. Conda's Python says
// that it has none, being linked without, and brings one for those who embed it.
func (t tree) sharedLibpython(p *Python, soname string) string {
	candidates := []string{}
	if p.Framework != "" {
		candidates = append(candidates, filepath.Join(p.Framework, soname), filepath.Join(p.Framework, p.LDLibrary))
	}
	if p.Shared {
		candidates = append(candidates,
			filepath.Join(p.LibDir, soname),
			filepath.Join(p.BasePrefix, "lib", soname),
			filepath.Join(p.LibDir, p.LDLibrary))
	} else if toLink := filepath.Join(p.LibDir, "libpython"+p.LDVersion+".so"); p.Framework == "" && t.IsFile(toLink) {
		candidates = append(candidates, toLink+".1.0", toLink)
	}
	for _, candidate := range candidates {
		if t.IsFile(candidate) {
			return candidate
		}
	}
	return ""
}

// staticLibpython finds the archive that a module can be linked with where
// there is no shared library.
func (t tree) staticLibpython(p *Python, library, configDir string) string {
	if !strings.HasSuffix(library, ".a") {
		library = "libpython" + p.LDVersion + ".a"
	}
	for _, dir := range []string{configDir, p.LibDir} {
		if candidate := filepath.Join(dir, library); dir != "" && t.IsFile(candidate) {
			return candidate
		}
	}
	return ""
}

// prefixOf is what sys.prefix would be with site imported: the folder of the
// pyvenv.cfg that belongs to the program, else the prefix that it told.
func (t tree) prefixOf(path, told string) string {
	for _, dir := range []string{filepath.Dir(filepath.Dir(path)), filepath.Dir(path)} {
		if t.Exists(filepath.Join(dir, "pyvenv.cfg")) {
			return dir
		}
	}
	return told
}
