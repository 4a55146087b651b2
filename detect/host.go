package detect

import (
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// SchemaVersion is the version of the JSON form of a Host. It rises when a
// field is taken away or changes its meaning; new fields do not change it.
const SchemaVersion = 1

// A Host is what was found on one machine.
type Host struct {
	Version    int         `json:"version"`           // SchemaVersion
	System     System      `json:"system"`            // the machine as a whole
	Apache     *Apache     `json:"apache"`            // the one in use: asked for, running, or first found
	Others     []Apache    `json:"others,omitempty"`  // further ones, told apart by path
	Python     *Python     `json:"python"`            // the virtualenv's, the one asked for, or the first found
	Pythons    []Python    `json:"pythons,omitempty"` // every interpreter found, unless one was asked for; read from their files, not started
	Virtualenv *Virtualenv `json:"virtualenv"`        // the one asked for, VIRTUAL_ENV, .venv, venv or env in the current folder or above, or the one in it
	Modules    []Module    `json:"modules"`           // of the virtualenv, of Apache's modules folder, and those that its configuration loads
	Series     []string    `json:"series"`            // of mod_wsgi that fit this Python and Apache, newest first
	Problems   []Problem   `json:"problems"`          // worst first
	Looked     []Look      `json:"looked,omitempty"`  // each place looked at, subject by subject
}

// System is what is true of the machine as a whole.
type System struct {
	OS                  string   `json:"os"`                          // GOOS
	Arch                string   `json:"arch"`                        // GOARCH
	Distribution        string   `json:"distribution"`                // ID of os-release: "debian"; "macos" on macOS
	DistributionVersion string   `json:"distribution_version"`        // VERSION_ID: "12"
	DistributionLike    []string `json:"distribution_like,omitempty"` // ID_LIKE
	LibC                string   `json:"libc"`                        // "glibc" or "musl"; empty elsewhere
	Locales             []string `json:"locales"`                     // as "locale -a" names them: "C.utf8"
	SELinux             string   `json:"selinux,omitempty"`           // "enforcing", "permissive"; empty without SELinux
}

// An Apache is one httpd and what belongs to it.
type Apache struct {
	installed.Apache

	Headers *Headers `json:"headers"` // nil without a development package
	Loaded  []Loaded `json:"loaded"`  // LoadModule lines for wsgi_module in its configuration, in reading order
}

// Loaded is one live LoadModule line for wsgi_module.
type Loaded struct {
	Path string `json:"path"` // the module file, absolute
	File string `json:"file"` // the configuration file, absolute
	Line int    `json:"line"` // from 1
}

// IsManaged tells whether "wsgictl apply" wrote the line, by the name that its file
// has in every layout: wsgictl.load, 00-wsgictl.conf. Nothing else may take it away:
// each of the sites that are applied needs it.
func (l Loaded) IsManaged() bool {
	name := strings.TrimSuffix(filepath.Base(l.File), filepath.Ext(l.File))
	return strings.TrimLeft(name, "0123456789-_") == "wsgictl"
}

// Headers is an Apache development package: apxs and what apxs tells.
type Headers struct {
	APXS        string   `json:"apxs"`                // the apxs program
	Variables   string   `json:"variables,omitempty"` // the file config_vars.mk, from which apxs answers; empty where that is not known
	IncludeDir  string   `json:"include_dir"`         // holds httpd.h
	LibDir      string   `json:"lib_dir"`             // LIBDIR; decides on -L and rpath, see setup.py
	LibexecDir  string   `json:"libexec_dir"`         // LIBEXECDIR
	BinDir      string   `json:"bin_dir"`             // BINDIR
	SbinDir     string   `json:"sbin_dir"`            // SBINDIR
	ProgName    string   `json:"prog_name"`           // PROGNAME
	MPMName     string   `json:"mpm_name"`            // MPM_NAME; empty since 2.4
	ShlibPath   string   `json:"shlib_path_var"`      // SHLIBPATH_VAR: "LD_LIBRARY_PATH"
	HTTPD       string   `json:"httpd"`               // the httpd that this apxs belongs to
	Belongs     bool     `json:"belongs"`             // HTTPD is the Apache that these headers stand under
	APRConfig   string   `json:"apr_config"`          // apr-1-config
	APUConfig   string   `json:"apu_config"`          // apu-1-config
	CC          string   `json:"cc"`                  // Apache's compiler
	CFlags      []string `json:"cflags"`              // words for the compiler, in setup.py's order: EXTRA_INCLUDES CPPFLAGS EXTRA_CPPFLAGS CFLAGS EXTRA_CFLAGS, APR's, APU's
	MagicNumber string   `json:"magic_number"`        // of ap_mmn.h: "20120211"
}

// A Python is one interpreter, as its sysconfig describes it.
type Python struct {
	Path           string `json:"path"`           // the program asked
	Interpreter    string `json:"interpreter"`    // the file that it leads to, whose facts these are
	Version        string `json:"version"`        // "3.11.7"
	Implementation string `json:"implementation"` // "cpython"
	Prefix         string `json:"prefix"`         // sys.prefix
	BasePrefix     string `json:"base_prefix"`    // sys.base_prefix
	Shared         bool   `json:"shared"`         // Py_ENABLE_SHARED
	Libpython      string `json:"libpython"`      // shared library file; empty when static
	StaticLib      string `json:"static_lib"`     // libpythonX.Y.a; empty when there is none
	LibDir         string `json:"lib_dir"`        // LIBDIR
	LDVersion      string `json:"ldversion"`      // "3.11", "3.13t"
	PlatStdlib     string `json:"platstdlib"`     // folder of the standard library
	IncludeDir     string `json:"include_dir"`    // INCLUDEPY
	Header         bool   `json:"header"`         // Python.h is there
	ABITag         string `json:"abi_tag"`        // "cp311", "cp313t", as wheels name it
	SOABI          string `json:"soabi"`          // "cpython-311-x86_64-linux-gnu"
	ExtSuffix      string `json:"ext_suffix"`     // EXT_SUFFIX: ".cpython-311-x86_64-linux-gnu.so"
	PlatformTag    string `json:"platform_tag"`   // "linux_x86_64"
	Debug          bool   `json:"debug"`          // Py_DEBUG
	FreeThreaded   bool   `json:"free_threaded"`  // Py_GIL_DISABLED
	CC             string `json:"cc"`             // Python's compiler
	CFlags         string `json:"cflags"`         // CFLAGS
	CCShared       string `json:"ccshared"`       // CCSHARED: "-fPIC"
	LDShared       string `json:"ldshared"`       // LDSHARED: "gcc -pthread -shared"
	LDFlags        string `json:"ldflags"`        // LDFLAGS
	Libs           string `json:"libs"`           // LIBS and SYSLIBS, wanted by a static libpython
	Framework      string `json:"framework"`      // PYTHONFRAMEWORKPREFIX of a macOS framework build
	LDLibrary      string `json:"ldlibrary"`      // LDLIBRARY

	OthersCanChange string `json:"others_can_change,omitempty"` // seen by root: who else can change the interpreter, its library, headers or standard library, and by which place; empty when root alone can
}

// A Virtualenv is one virtual environment, read from its files.
type Virtualenv struct {
	Path         string `json:"path"`                 // absolute
	Kind         string `json:"kind"`                 // "venv", "virtualenv", "uv", "conda"
	Version      string `json:"version"`              // Python's, from pyvenv.cfg
	Home         string `json:"home"`                 // folder of the base interpreter
	SitePackages string `json:"site_packages"`        // platlib
	Writable     bool   `json:"writable"`             // by the caller
	Pip          string `json:"pip,omitempty"`        // pip's version; empty without pip
	Broken       string `json:"broken,omitempty"`     // why it cannot work
	MovedFrom    string `json:"moved_from,omitempty"` // the folder that it was made as, where that is another
	NoExec       bool   `json:"noexec,omitempty"`     // its file system is mounted noexec

	Relocatable bool `json:"relocatable,omitempty"` // it was made to be moved: its scripts find its Python beside them

	OthersCanChange string `json:"others_can_change,omitempty"` // seen by root: who else can change it, and by which place; empty when root alone can
}

// A Module is one mod_wsgi module file, read without executing it.
type Module struct {
	Path        string   `json:"path"`         // the module file
	Release     string   `json:"release"`      // mod_wsgi's version; empty when it could not be read
	Python      string   `json:"python"`       // compiled for: "3.11"
	Arch        string   `json:"arch"`         // GOARCH
	MagicNumber string   `json:"magic_number"` // Module Magic Number of the Apache headers compiled with, "20120211:142"
	Libpython   string   `json:"libpython"`    // name needed: "libpython3.11.so.1.0"; empty when linked statically
	Resolved    string   `json:"resolved"`     // the file that the loader would take; empty when it finds none
	RunPath     []string `json:"run_path"`     // DT_RUNPATH, else DT_RPATH, as written
	Size        int64    `json:"size"`         // bytes

	Beside string `json:"mod_wsgictl,omitempty"` // path of the mod_wsgictl that was built with it and lies beside it
}

// At is the module as it is when it, and the mod_wsgictl beside it, were copied.
func (m Module) At(path string) Module {
	m.Path = path
	if m.Beside != "" {
		m.Beside = modwsgi.Beside(path)
	}
	return m
}

// A Problem is one thing that stands in the way, and its remedy.
type Problem struct {
	ID          string `json:"id"`          // stable: "no-apxs"
	Severity    string `json:"severity"`    // "error" or "warning"
	Cause       string `json:"cause"`       // what was found
	Consequence string `json:"consequence"` // what happens because of it
	Remedy      string `json:"remedy"`      // a command where one fixes it, else a sentence
}
