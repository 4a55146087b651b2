package installer

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/trust"
)

// A failure is a way in which compiling or linking is known to fail.
type failure struct {
	says   string // expression found in the compiler's or linker's messages
	cause  string
	remedy string
}

// failures are tried in this order; see mod_wsgi's guide "Installation Issues".
var failures = []failure{
	{
		`Python\.h: No such file|Python developer package does not appear|'Python\.h' file not found`,
		"the headers of Python are missing",
		"install Python's development package of the same version (python3-dev, python3-devel)",
	},
	{
		`requires at least Python|requires that Python supporting thread`,
		"this Python is older than the release wants",
		"use a virtualenv with a newer Python, or an older release (--release)",
	},
	{
		`Apache developer package does not appear|(httpd|ap_config)\.h: No such file|'httpd\.h' file not found`,
		"the headers of Apache are missing",
		"install Apache's development package (apache2-dev, httpd-devel)",
	},
	{
		`apr[a-z_]*\.h: No such file|'apr[a-z_]*\.h' file not found`,
		"the headers of APR, Apache's portable runtime, are missing",
		"install them (libapr1-dev and libaprutil1-dev, apr-devel and apr-util-devel)",
	},
	{
		`requires Apache 2\.`,
		"this Apache is older than the release wants",
		"use Apache 2.4, or an older release (--release)",
	},
	{
		`recompile with -fPIC|can not be used when making a shared object`,
		"Python's static library was not compiled to be part of a shared object",
		"use a Python that was built with --enable-shared",
	},
	{
		`file format not recognized|skipping incompatible|wrong ELF class|i386 architecture of input file`,
		"Python and Apache are of different architectures, or one library is damaged",
		"use a Python of Apache's own architecture",
	},
	{
		`(cannot find|unable to find library) -lpython|library '?python[^ ]*'? not found|library not found for -lpython`,
		"the linker finds no libpython of this version",
		"install Python's development package, or use a Python that was built with --enable-shared",
	},
	{
		`cannot read spec file`,
		"the distribution's own settings for its compiler are missing",
		"install them (redhat-rpm-config)",
	},
	{
		`(stdio|stdlib|limits|features|bits/[a-z-]+)\.h: No such file|'std[a-z]+\.h' file not found|cannot find (Scrt1|crti|crtbeginS)\.o`,
		"the headers of the C library are missing",
		"install them (libc6-dev, glibc-devel, musl-dev)",
	},
	{
		`cc1: not found|cannot execute '?[^ ]*cc1|posix_spawnp?: No such file`,
		"the compiler is installed in part only",
		"install it again (gcc)",
	},
	{
		`No space left on device`,
		"the disk is full",
		"free some space, or name a folder on another disk (--cache-dir)",
	},
	{
		`Killed signal terminated program|virtual memory exhausted|Cannot allocate memory|out of memory`,
		"the machine has too little memory",
		"compile fewer files at a time (--jobs 1)",
	},
	{
		`unknown OS`,
		"the release does not know this operating system",
		"use another release (--release)",
	},
	{
		`unrecognized command[- ]line option|unknown argument:`,
		"Apache or Python was built with another compiler, whose options this one does not know",
		"name that compiler in the environment variable CC",
	},
}

// explain turns a compiler's or linker's complaint into an error that shows
// the first message with its cause and remedy where they are known, and names
// the file that has the rest: that of the last build that failed.
func (e *toolError) explain(log string) error {
	var text strings.Builder
	for _, known := range failures {
		if regexp.MustCompile(known.says).MatchString(e.Output) {
			fmt.Fprintf(&text, "\n%s: %s", known.cause, known.remedy)
			break
		}
	}
	if err := e.save(log); err == nil {
		fmt.Fprintf(&text, "\nall messages: %s", log)
	} else {
		fmt.Fprintf(&text, "\nall messages (no log file: %v):\n%s", err, e.Output)
	}
	return fmt.Errorf("%w:\n  %s%s", e, e.first(), text.String())
}

var complaint = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`error:|undefined reference|cannot find|not found|skipping incompatible|relocation `)
})

// first is the first line of the output that tells of an error.
func (e *toolError) first() string {
	lines := strings.Split(strings.TrimSpace(e.Output), "\n")
	for _, line := range lines {
		if complaint().MatchString(line) {
			return strings.TrimSpace(line)
		}
	}
	return strings.TrimSpace(lines[0])
}

// save keeps the command and all that it said.
func (e *toolError) save(log string) error {
	text := fmt.Sprintf("%s\n\n%s", strings.Join(e.Words, " "), e.Output)
	return trust.WriteFile(log, []byte(text), 0o644)
}
