package modwsgictl_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
)

// sanitize has the processes of a server tell what a module does wrong: in the error log,
// as libubsan takes no file for its reports where libasan is loaded before it.
func sanitize(t *testing.T, s *httpdtest.Server) {
	t.Helper()
	output, err := exec.Command("gcc", "-print-file-name=libasan.so").Output()
	library := strings.TrimSpace(string(output))
	if err != nil || !filepath.IsAbs(library) {
		needtest.Missing(t, "no gcc with libasan.so: %q, %v", library, err)
	}
	first := "LD_PRELOAD=" + library
	for _, variable := range s.Env { // what a test preloads comes after; of two the last one counts
		if more, ok := strings.CutPrefix(variable, "LD_PRELOAD="); ok {
			first += " " + more
		}
	}
	s.Env = append(s.Env, first, "ASAN_OPTIONS=detect_leaks=0", "UBSAN_OPTIONS=print_stacktrace=1")
}

// reported is the first report of a sanitizer, and what follows; empty for none.
func reported(s *httpdtest.Server) string {
	log := s.ErrorLog()
	for _, mark := range []string{"ERROR: AddressSanitizer", ": runtime error: "} {
		if before, _, found := strings.Cut(log, mark); found {
			return log[strings.LastIndexByte(before, '\n')+1:]
		}
	}
	return ""
}

// faulty does wrong what a request asks for.
const faulty = `#include "httpd.h"
#include "http_config.h"
#include "http_protocol.h"
#include <limits.h>
#include <stdlib.h>

static int handler(request_rec *r)
{
    volatile int most = INT_MAX;
    volatile char *volatile memory = malloc(8);

    if (strcmp(r->uri, "/memory") == 0)
        memory[8] = 1;
    if (strcmp(r->uri, "/overflow") == 0)
        most = most + 1;
    free((void *)memory);
    return DECLINED;
}

static void register_hooks(apr_pool_t *p)
{
    (void)p;
    ap_hook_handler(handler, NULL, NULL, APR_HOOK_FIRST);
}

AP_DECLARE_MODULE(faulty) = {
    STANDARD20_MODULE_STUFF,
    NULL, NULL, NULL, NULL, NULL,
    register_hooks,
#ifdef AP_MODULE_HAS_FLAGS
    AP_MODULE_FLAG_NONE
#endif
};
`

// TestReportsOfSanitizersAreSeen, of a module that is built and loaded as mod_wsgictl is
// with WSGICTL_SANITIZE.
func TestReportsOfSanitizersAreSeen(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	source := filepath.Join(folder, "faulty.c")
	if err := os.WriteFile(source, []byte(faulty), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := compile(folder, "faulty", true, source); errors.Is(err, errNoApxs) {
		needtest.Missing(t, "%v", err)
	} else if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/memory": "heap-buffer-overflow", "/overflow": "signed integer overflow", "/right": ""} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			s := httpdtest.New(t)
			sanitize(t, s)
			s.Start(loadFrom(t, s, folder, "faulty"))
			converse(t, s, strings.Replace(last, "/last", path, 1))
			if want == "" {
				s.Stop()
			} else {
				await(t, s, "a report", func() bool { return reported(s) != "" })
			}
			if report := reported(s); !strings.Contains(report, want) || (report == "") != (want == "") {
				t.Errorf("report %q, want %q", report, want)
			}
		})
	}
}
