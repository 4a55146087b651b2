package httpdtest

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Packages gives a folder with Python packages, and those that they need, from
// the index that pip here uses, such as "flask". They are fetched once and kept
// for later test runs.
func Packages(t testing.TB, names ...string) string {
	t.Helper()
	sum := sha256.Sum256([]byte(strings.Join(names, " ")))
	folder := filepath.Join(cacheFolder(t), fmt.Sprintf("packages-%x", sum[:6]))
	if _, err := os.Stat(folder); err == nil {
		return folder
	}
	if err := fetchPackages(t.TempDir(), folder, names); err != nil {
		missing(t, fmt.Errorf("no %s to test with: %w", strings.Join(names, ", "), err))
	}
	return folder
}

// fetchPackages installs with the pip of a new virtualenv, since Debian's
// Python has none of its own.
func fetchPackages(dir, folder string, names []string) error {
	venv := filepath.Join(dir, "venv")
	if output, err := exec.Command(Python, "-m", "venv", venv).CombinedOutput(); err != nil {
		return fmt.Errorf("make a virtualenv: %w\n%s", err, output)
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return err
	}
	staged, err := os.MkdirTemp(filepath.Dir(folder), "packages-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(staged)
	pip := append([]string{"install", "--quiet", "--disable-pip-version-check", "--no-compile", "--only-binary", ":all:", "--target", staged}, names...)
	if output, err := exec.Command(filepath.Join(venv, "bin", "pip"), pip...).CombinedOutput(); err != nil {
		return fmt.Errorf("pip install: %w\n%s", err, output)
	}
	if err := os.Chmod(staged, 0o755); err != nil {
		return err
	}
	if err := os.Rename(staged, folder); err != nil && !os.IsExist(err) {
		return err // unless another test was first
	}
	return nil
}
