package httpdtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/wsgictl/wsgictl/needtest"
)

// pebble is the test server of Let's Encrypt, for certificates.
const pebble = "github.com/letsencrypt/pebble/v2/cmd/pebble@v2.10.3"

// Pebble gives the program of a certificate authority that speaks ACME. It is built
// once and kept for later test runs.
func Pebble(t testing.TB) string {
	t.Helper()
	folder := filepath.Join(cacheFolder(t), filepath.Base(pebble))
	program := filepath.Join(folder, "pebble")
	err := alone(folder+".lock", func() error {
		if _, err := os.Stat(program); err == nil {
			return nil
		}
		command := exec.Command("go", "install", pebble)
		command.Env = append(os.Environ(), "GOBIN="+folder, "GOFLAGS=")
		output, err := command.CombinedOutput()
		if err != nil {
			t.Logf("%s", output)
		}
		return err
	})
	if err != nil {
		needtest.Missing(t, "no %s: %v", pebble, err)
	}
	return program
}
