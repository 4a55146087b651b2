package installer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
)

// A recipe is everything that decides what comes out of a build. Two builds
// with the same recipe give the same module, so its digest is the cache's key.
type recipe struct {
	Format      int      // rises when this package would make another wheel of the same words
	Source      string   // digest of the source
	Compile     []string // compiler and its words, without "-c", "-o" and the file names
	Link        []string // linker and its words before the object files
	Wrap        []string // words that put the function of KnownImport in its place
	Libraries   []string // and those after them
	KnownImport string   // text of the C file that is linked with the release's own; empty for none
	Compiler    string   // what the compiler says of itself
	Python      string   // version: its headers differ between patch releases
	Prefix      string   // base prefix of Python
	MagicNumber string   // of Apache's headers
	ModuleFile  string   // mod_wsgi-py311.cpython-311-x86_64-linux-gnu.so
	WheelTag    string   // cp311-cp311-linux_x86_64
	ApxsConfig  string   // text of apxs_config.py
}

const recipeFormat = 3

// key is the recipe's digest.
func (r recipe) key() string {
	text, err := json.Marshal(r)
	if err != nil {
		panic(err) // a struct of strings
	}
	return store.Digest(text)
}

// newRecipe writes down how setup.py would build the source with this digest
// for the two, without its traps: see libraryWords.
func newRecipe(ctx context.Context, digest string, apache *detect.Apache, python *detect.Python, getenv func(string) string) (recipe, error) {
	if err := buildable(apache, python); err != nil {
		return recipe{}, err
	}
	tools, err := findTools(apache, python, getenv)
	if err != nil {
		return recipe{}, err
	}
	version, err := compilerVersion(ctx, tools.compile[0])
	if err != nil {
		return recipe{}, err
	}
	added, wrap := knownImport()
	r := recipe{
		Format:      recipeFormat,
		Source:      digest,
		Compile:     compileWords(tools, apache.Headers, python, getenv),
		Link:        slices.Concat(tools.link, shellSplit(getenv("LDFLAGS"))),
		Wrap:        wrap,
		Libraries:   libraryWords(apache.Headers, python),
		Compiler:    version,
		Python:      python.Version,
		Prefix:      python.BasePrefix,
		MagicNumber: apache.Headers.MagicNumber,
		ModuleFile:  "mod_wsgi-py" + majorMinor(python.Version, "") + python.ExtSuffix,
		WheelTag:    wheelTag(python),
		KnownImport: added,
		ApxsConfig:  apxsConfig(apache),
	}
	return r, nil
}

func buildable(apache *detect.Apache, python *detect.Python) error {
	switch {
	case apache == nil:
		return errors.New(`no Apache found: "wsgictl detect" says how to install one`)
	case apache.Headers == nil:
		return errors.New(`no apxs for this Apache found: its development package is missing; "wsgictl detect" says how to install it`)
	case python == nil:
		return errors.New(`no Python found: "wsgictl detect" says how to install one`)
	case !python.Header:
		return fmt.Errorf(`no Python.h in %s: the development package of Python %s is missing; "wsgictl detect" says how to install it`, python.IncludeDir, majorMinor(python.Version, "."))
	}
	return nil
}

// tools are the compiler and the linker with the words that Python was built
// with.
type tools struct {
	compile []string
	link    []string
}

// findTools takes Python's own compiler as setuptools does, the environment's
// CC before it. Where Python was built elsewhere with a compiler that is not
// here, Apache's or any other serves, and of Python's words only the
// definitions: the rest may be options of the other compiler.
func findTools(apache *detect.Apache, python *detect.Python, getenv func(string) string) (tools, error) {
	pythonCC := shellSplit(python.CC)
	cflags := shellSplit(python.CFlags)
	ccshared := shellSplit(python.CCShared)
	ldshared := shellSplit(python.LDShared)
	for _, cc := range [][]string{shellSplit(getenv("CC")), pythonCC} {
		found, err := isThere(cc)
		if err != nil {
			return tools{}, err
		}
		if !found {
			continue
		}
		return tools{
			compile: slices.Concat(cc, cflags, ccshared),
			link:    replaceCompiler(ldshared, pythonCC, cc),
		}, nil
	}
	for _, cc := range []string{apache.Headers.CC, "cc", "gcc", "clang"} {
		words := shellSplit(cc)
		found, err := isThere(words)
		if err != nil {
			return tools{}, err
		}
		if found {
			return tools{
				compile: slices.Concat(words, definitions(cflags), []string{"-fPIC"}),
				link:    append(words, "-shared"),
			}, nil
		}
	}
	return tools{}, fmt.Errorf("no C compiler: neither %s, which Python was built with, nor cc, gcc or clang is in PATH: install gcc, or name a compiler in the environment variable CC", python.CC)
}

// isThere reports whether the program of a command is there. One that is, and
// that root must not run, is an error.
func isThere(command []string) (bool, error) {
	if len(command) == 0 {
		return false, nil
	}
	_, err := trust.Deciders().LookPath(command[0])
	if untrusted := (*trust.Untrusted)(nil); errors.As(err, &untrusted) {
		return false, fmt.Errorf("compiler %s: %w: root runs only what root alone can change: name another one in the environment variable CC", command[0], err)
	}
	return err == nil, nil
}

// replaceCompiler puts cc in the place of Python's compiler at the head of its
// link command, as setuptools does.
func replaceCompiler(link, pythonCC, cc []string) []string {
	n := len(pythonCC)
	if n > 0 && n <= len(link) && slices.Equal(link[:n], pythonCC) {
		return slices.Concat(cc, link[n:])
	}
	return link
}

func definitions(words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(word string) bool {
		return !strings.HasPrefix(word, "-D")
	})
}

func compilerVersion(ctx context.Context, compiler string) (string, error) {
	command, err := toolCommand(ctx, []string{compiler, "--version"})
	if err != nil {
		return "", fmt.Errorf("run %s: %w", compiler, err)
	}
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("run %s --version: %w", compiler, trust.HowEnded(ctx, err))
	}
	line, _, _ := strings.Cut(string(out), "\n")
	return line, nil
}

// compileWords keeps setuptools' order: Python's words, the include folders,
// then Apache's words, so that those have the last say; the environment's come
// after both.
func compileWords(tools tools, headers *detect.Headers, python *detect.Python, getenv func(string) string) []string {
	return slices.Concat(
		tools.compile,
		[]string{"-I" + headers.IncludeDir, "-I" + python.IncludeDir},
		headers.CFlags,
		shellSplit(getenv("CPPFLAGS")),
		shellSplit(getenv("CFLAGS")),
	)
}

// libraryWords links Python's library with a run path to its folder, unless
// the folder is Apache's own, which the loader knows.
//
// setup.py names the library by looking for a static archive in several
// folders; on a machine that has the free-threaded and the usual build of one
// version it picks the wrong one. Which file it is, is known here: only its
// name without "lib" and suffix has to be given to the linker.
func libraryWords(headers *detect.Headers, python *detect.Python) []string {
	if python.Libpython == "" && python.StaticLib != "" {
		return staticWords(python)
	}
	name := python.LDVersion
	if name == "" {
		name = majorMinor(python.Version, ".")
	}
	var words []string
	if dir := libpythonDir(python); dir != headers.LibDir {
		words = append(words, "-L"+dir, "-Wl,-rpath,"+dir)
	}
	return append(words, "-lpython"+name)
}

// staticWords takes in the whole archive: Python's own extension modules look
// for its functions in what is loaded, so those that mod_wsgi does not call
// must be there too.
func staticWords(python *detect.Python) []string {
	archive := []string{"-Wl,--whole-archive", python.StaticLib, "-Wl,--no-whole-archive"}
	if runtime.GOOS == "darwin" {
		archive = []string{"-Wl,-force_load," + python.StaticLib}
	}
	return append(archive, shellSplit(python.Libs)...)
}

func libpythonDir(python *detect.Python) string {
	if python.Libpython != "" {
		return filepath.Dir(python.Libpython)
	}
	return python.LibDir
}

// wheelTag is PEP 425's: the interpreter's tag is its ABI tag without the
// letters of debug and free-threaded builds.
func wheelTag(python *detect.Python) string {
	return fmt.Sprintf("cp%s-%s-%s", majorMinor(python.Version, ""), python.ABITag, python.PlatformTag)
}

// majorMinor gives "3.11" of "3.11.7", or "311" with an empty separator.
func majorMinor(version, separator string) string {
	parts := strings.SplitN(version, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], separator)
}
