package detect

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/hostfiles"
)

// apxsVariables are those that setup.py asks apxs for, and those that tell
// where its httpd is.
var apxsVariables = []string{
	"INCLUDEDIR", "LIBDIR", "LIBEXECDIR", "BINDIR", "SBINDIR", "PROGNAME", "MPM_NAME", "SHLIBPATH_VAR", "APR_CONFIG", "APU_CONFIG", "CC",
	"EXTRA_INCLUDES", "CPPFLAGS", "EXTRA_CPPFLAGS", "CFLAGS", "EXTRA_CFLAGS",
}

// askAPXS reads a development package: apxs's variables, then apr-1-config
// and apu-1-config side by side.
func (t tree) askAPXS(ctx context.Context, path string) (*Headers, error) {
	variables, file, err := t.apxsVariables(ctx, path)
	if err != nil {
		return nil, err
	}
	h := &Headers{
		APXS:       path,
		Variables:  file,
		IncludeDir: variables["INCLUDEDIR"],
		LibDir:     variables["LIBDIR"],
		LibexecDir: variables["LIBEXECDIR"],
		BinDir:     variables["BINDIR"],
		SbinDir:    variables["SBINDIR"],
		ProgName:   variables["PROGNAME"],
		MPMName:    variables["MPM_NAME"],
		ShlibPath:  variables["SHLIBPATH_VAR"],
		APRConfig:  variables["APR_CONFIG"],
		APUConfig:  variables["APU_CONFIG"],
		CC:         variables["CC"],
		CFlags:     []string{},
	}
	h.HTTPD = t.httpdOf(h)
	for _, name := range []string{"EXTRA_INCLUDES", "CPPFLAGS", "EXTRA_CPPFLAGS", "CFLAGS", "EXTRA_CFLAGS"} {
		h.CFlags = append(h.CFlags, strings.Fields(variables[name])...)
	}
	h.CFlags = append(h.CFlags, t.aprIncludes(ctx, h)...)
	h.MagicNumber = t.headerMagic(h.IncludeDir)
	return h, nil
}

// aprIncludes gives the words of "apr-1-config --includes", then those of
// apu-1-config. Neither is started where a folder of CFlags has its header
// already, as EXTRA_INCLUDES brings it most often. One that does not answer
// gives none: the verdict names a missing one.
func (t tree) aprIncludes(ctx context.Context, h *Headers) []string {
	answers := make([]string, 2)
	var group sync.WaitGroup
	for i, program := range []string{h.APRConfig, h.APUConfig} {
		if program == "" || t.includes(h.CFlags, []string{"apr.h", "apu.h"}[i]) {
			continue
		}
		group.Go(func() { answers[i], _ = t.Output(ctx, program, "--includes") })
	}
	group.Wait()
	return append(strings.Fields(answers[0]), strings.Fields(answers[1])...)
}

// includes reports whether one of the words is -I of a folder with a header.
func (t tree) includes(words []string, header string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		dir, found := strings.CutPrefix(word, "-I")
		return found && t.IsFile(filepath.Join(dir, header))
	})
}

// apxsVariables gives the variables that setup.py asks for, by the cheapest
// way that answers: the file that apxs itself reads, one "apxs -q" for all,
// or one for each, side by side, where apxs refuses "-q" without a name
// (mod_wsgi-httpd's, and those before 2.4). A name that it does not know is
// left empty, as setup.py leaves it.
func (t tree) apxsVariables(ctx context.Context, path string) (asked map[string]string, file string, err error) {
	all, file := t.variablesFile(path)
	if len(all) == 0 {
		if answer, err := t.Output(ctx, path, "-q"); err == nil {
			all = makeVariables(answer)
		}
	}
	if len(all) == 0 {
		asked, err = t.variablesOneByOne(ctx, path)
		return asked, "", err
	}
	asked = map[string]string{}
	for _, name := range apxsVariables {
		asked[name] = all.value(name)
	}
	return asked, file, nil
}

// variablesFile reads config_vars.mk of the folder that the Perl script apxs
// names as its $installbuilddir; nil where apxs is no such script.
func (t tree) variablesFile(apxs string) (variables makeVars, file string) {
	script, err := t.Read(apxs)
	if err != nil || !strings.Contains(script, "get_config_vars(") {
		return nil, ""
	}
	_, rest, _ := strings.Cut(script, `$installbuilddir = "`)
	folder, _, _ := strings.Cut(rest, `"`)
	root := "" // of a cross build, apxs takes what stands before its own /usr/bin
	if at := strings.LastIndex(apxs, "/usr/bin"); at > 0 {
		root = apxs[:at]
	}
	file = filepath.Join(root, folder, "config_vars.mk")
	text, err := t.Read(file)
	if err != nil {
		return nil, ""
	}
	return makeVariables(text), file
}

func (t tree) variablesOneByOne(ctx context.Context, path string) (map[string]string, error) {
	answers := make([]string, len(apxsVariables))
	errs := make([]error, len(apxsVariables))
	var group sync.WaitGroup
	for i, name := range apxsVariables {
		group.Go(func() { answers[i], errs[i] = t.Output(ctx, path, "-q", name) })
	}
	group.Wait()
	asked := map[string]string{}
	for i, name := range apxsVariables {
		asked[name] = strings.TrimSpace(answers[i])
	}
	if asked["INCLUDEDIR"] != "" || asked["LIBEXECDIR"] != "" {
		return asked, nil
	}
	if errs[0] == nil {
		errs[0] = fmt.Errorf("%s answers neither -q nor -q INCLUDEDIR", path)
	}
	return nil, fmt.Errorf("ask apxs for its variables: %w", errs[0])
}

// makeVars are the assignments of Apache's config_vars.mk, unexpanded.
type makeVars map[string]string

func makeVariables(text string) makeVars {
	variables := makeVars{}
	for line := range strings.Lines(text) {
		if name, value, found := strings.Cut(line, "="); found {
			variables[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return variables
}

// value looks a name up as "apxs -q NAME" does: as it is, else in lower case,
// with references expanded.
func (v makeVars) value(name string) string {
	if raw, ok := v[name]; ok {
		return v.expand(raw, 0)
	}
	return v.expand(v[strings.ToLower(name)], 0)
}

var makeReference = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$[({](\w+)[)}]`) })

// expand replaces $(name) and ${name}; what is not defined becomes nothing.
func (v makeVars) expand(text string, depth int) string {
	if depth > 20 {
		return text // a reference to itself
	}
	return makeReference().ReplaceAllStringFunc(text, func(reference string) string {
		return v.expand(v[reference[2:len(reference)-1]], depth+1)
	})
}

// httpdOf names the httpd that an apxs was built with: in SBINDIR, else in
// BINDIR, as setup.py looks.
func (t tree) httpdOf(h *Headers) string {
	for _, dir := range []string{h.SbinDir, h.BinDir} {
		if path := filepath.Join(dir, h.ProgName); dir != "" && t.IsProgram(path) {
			return path
		}
	}
	return ""
}

// headerMagic reads the module magic number that a module compiled with these
// headers will carry.
func (t tree) headerMagic(includeDir string) string {
	text, err := t.Read(filepath.Join(includeDir, "ap_mmn.h"))
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(text, "#define MODULE_MAGIC_NUMBER_MAJOR ")
	number, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(number)
}

// belongs reports whether headers are those of an httpd: apxs names the same
// program, and the major module magic numbers agree.
func (t tree) belongs(h *Headers, a *Apache) bool {
	major, _, _ := strings.Cut(a.MagicNumber, ":")
	return h.HTTPD != "" && t.Same(h.HTTPD, a.Path) && (h.MagicNumber == "" || h.MagicNumber == major)
}

// findAPXSs lists the candidates in the order of preference: beside each
// httpd, of the virtualenv, then as setup.py searches.
func (t tree) findAPXSs(httpds []string, v *Virtualenv, looked *notebook) []string {
	var dirs []string
	for _, httpd := range httpds {
		bin := filepath.Dir(httpd)
		dirs = append(dirs, bin, filepath.Join(bin, "../bin"))
	}
	if v != nil {
		dirs = append(dirs, filepath.Join(v.Path, "bin"))
	}
	dirs = append(dirs, t.SearchPath()...)
	dirs = append(dirs, "/usr/sbin", "/usr/bin", "/usr/local/bin", "/usr/local/sbin", "/opt/homebrew/bin")
	var found hostfiles.Programs
	for _, dir := range dirs {
		for _, name := range []string{"mod_wsgi-apxs", "apxs2", "apxs"} {
			if path := filepath.Join(dir, name); t.mayRun(path, "headers", looked) {
				found.Add(t.Root, path)
			}
		}
	}
	return found.Paths
}
