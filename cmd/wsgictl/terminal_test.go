package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Users write .htaccess files, which the audit of root shows.
func TestReportOfTheAuditSteersNoTerminal(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "httpd.conf")
	if err := os.WriteFile(config, []byte("WSGI\x1b]0;obeyed\aFoo x\nWSGIDaemonProcess a thr\x1b[31meads=1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	run(t.Context(), []string{"audit", config}, &stdout, &stderr)
	if said := stdout.String() + stderr.String(); strings.ContainsAny(said, "\x1b\a") || !strings.Contains(said, "]0;obeyed") {
		t.Errorf("%q", said)
	}
}
