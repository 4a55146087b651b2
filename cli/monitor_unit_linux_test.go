package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/needtest"
)

// TestMonitorUnitIsAsSystemdWants has systemd read the unit.
func TestMonitorUnitIsAsSystemdWants(t *testing.T) {
	t.Parallel()
	token := filepath.Join(t.TempDir(), "to ken")
	if err := os.WriteFile(token, []byte("a-token-of-the-test\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, words := range [][]string{
		{"--socket", "/run/wsgictl/telemetry.sock", "--group", "sh%op 1"},
		{"--socket", "/run/wsgictl/telemetry.sock", "--listen", "0.0.0.0:8888", "--token-file", token, "--statsd", "127.0.0.1:8125", "--max-rss", "500M", "--max-rss", "shop=1G", "--no-history"},
	} {
		var out, messages strings.Builder
		if code := run(t.Context(), append([]string{"monitor", "--systemd-unit"}, words...), &out, &messages); code != 0 {
			t.Fatalf("%q: %d: %s", words, code, messages.String())
		}
		for _, want := range []string{"DynamicUser=yes", "RuntimeDirectory=wsgictl\n", "StateDirectory=wsgictl-monitor\n", " --socket /run/wsgictl/telemetry.sock"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("no %q in %s", want, out.String())
			}
		}
		analyze, err := exec.LookPath("systemd-analyze")
		if err != nil {
			needtest.Missing(t, "no systemd-analyze: %v", err)
		}
		unit := filepath.Join(t.TempDir(), "wsgictl-monitor.service")
		if err := os.WriteFile(unit, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		verify := exec.Command(analyze, "verify", "--man=no", unit)
		if output, err := verify.CombinedOutput(); err != nil || len(output) > 0 {
			t.Errorf("%q: %v: %s\n%s", words, err, output, out.String())
		}
	}
}

// TestMonitorUnitNeedsItsFolder names a socket for which systemd makes no folder.
func TestMonitorUnitNeedsItsFolder(t *testing.T) {
	t.Parallel()
	for _, socket := range []string{"/tmp/telemetry.sock", "/run/telemetry.sock"} {
		var out, messages strings.Builder
		if code := run(t.Context(), []string{"monitor", "--systemd-unit", "--socket", socket}, &out, &messages); code != 1 || !strings.Contains(messages.String(), "a folder below /run") || out.Len() != 0 {
			t.Errorf("%s: %d: %s%s", socket, code, messages.String(), out.String())
		}
	}
}
