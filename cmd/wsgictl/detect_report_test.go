package main

import (
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/detect"
)

// Anybody can give a process arguments that a terminal obeys.
func TestReportOfWhatWasLookedAtSteersNoTerminal(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	writeLooked(&out, []detect.Look{{Subject: "running", Place: "/proc/4711", Found: "apache2\x1b]0;obeyed\a -k start"}})
	if strings.ContainsAny(out.String(), "\x1b\a") || !strings.Contains(out.String(), `apache2\x1b]0;obeyed\a -k start`) {
		t.Errorf("%q", out.String())
	}
}
