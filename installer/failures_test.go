package installer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The messages are what gcc, clang and the linkers print in each case.
func TestKnownFailures(t *testing.T) {
	t.Parallel()
	for says, cause := range map[string]string{
		"src/server/wsgi_python.h:26:10: fatal error: Python.h: No such file or directory":                                                                      "headers of Python",
		"src/server/wsgi_python.h:26:10: fatal error: 'Python.h' file not found":                                                                                "headers of Python",
		"error: #error Sorry, mod_wsgi requires at least Python 3.10.0.":                                                                                        "this Python is older",
		"error: #error Sorry, Apache developer package does not appear to be installed.":                                                                        "headers of Apache",
		"fatal error: httpd.h: No such file or directory":                                                                                                       "headers of Apache",
		"/usr/include/apache2/ap_config.h:25:10: fatal error: apr.h: No such file or directory":                                                                 "headers of APR",
		"error: #error Sorry, mod_wsgi 6.0+ requires Apache 2.4+.":                                                                                              "this Apache is older",
		"/usr/bin/ld: libpython3.11.a(abstract.o): relocation R_X86_64_32S against `.rodata' can not be used when making a shared object; recompile with -fPIC": "Python's static library",
		"/usr/bin/ld: skipping incompatible /usr/lib32/libpython3.11.so when searching for -lpython3.11":                                                        "different architectures",
		"/usr/bin/ld: cannot find -lpython3.13t: No such file or directory":                                                                                     "no libpython",
		"ld: library 'python3.12' not found":                                                                                                                    "no libpython",
		"gcc: fatal error: cannot read spec file '/usr/lib/rpm/redhat/redhat-hardened-cc1': No such file or directory":                                          "distribution's own settings",
		"/usr/include/python3.11/Python.h:12:10: fatal error: limits.h: No such file or directory":                                                              "headers of the C library",
		"gcc: fatal error: cannot execute 'cc1': execvp: No such file or directory":                                                                             "installed in part",
		"fatal error: error writing to /tmp/ccX.s: No space left on device":                                                                                     "disk is full",
		"gcc: fatal error: Killed signal terminated program cc1":                                                                                                "too little memory",
		`error: #error "Cannot define getPeakRSS( ) or getCurrentRSS( ) for an unknown OS."`:                                                                    "operating system",
		"clang: error: unknown argument: '-fstack-clash-protection'":                                                                                            "another compiler",
		"gcc: error: unrecognized command-line option '-Wunreachable-code-fallthrough-aggressive'":                                                              "another compiler",
	} {
		failure := &toolError{Words: []string{"cc"}, Output: "In file included from x\n" + says + "\nmore\n", Err: errNotModWSGI}
		log := filepath.Join(t.TempDir(), "build.log")
		text := failure.explain(log).Error()
		if all, err := os.ReadFile(log); err != nil || !strings.Contains(string(all), says+"\nmore\n") || !strings.HasSuffix(text, "\nall messages: "+log) {
			t.Errorf("%s: %q, %v", says, all, err)
		}
		if !strings.Contains(text, "\n  "+says+"\n") {
			t.Errorf("%s: not shown:\n%s", says, text)
		}
		if !strings.Contains(text, cause) {
			t.Errorf("%s: want %q:\n%s", says, cause, text)
		}
	}
}

func TestUnknownFailureIsShownAsItIs(t *testing.T) {
	t.Parallel()
	failure := &toolError{Words: []string{"cc"}, Output: "x.c:1:1: error: something new\n", Err: errNotModWSGI}
	text := failure.explain(filepath.Join(t.TempDir(), "build.log")).Error()
	before, _, found := strings.Cut(text, "\nall messages: ")
	if !found || !strings.HasSuffix(before, ":\n  x.c:1:1: error: something new") {
		t.Error(text)
	}
}
