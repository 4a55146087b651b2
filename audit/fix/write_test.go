package fix

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
)

// TestFixesByALinkArePutBack writes a file by way of two of its names, and puts it
// back: its text, its mode, and the link.
func TestFixesByALinkArePutBack(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file, link := filepath.Join(folder, "available.conf"), filepath.Join(folder, "enabled.conf")
	if err := os.WriteFile(file, []byte("Listen 80\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("available.conf", link); err != nil {
		t.Fatal(err)
	}
	check := func(want string) {
		t.Helper()
		if diff := cmp.Diff(want, textOf(t, file)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if info, err := os.Lstat(file); err != nil || info.Mode() != 0o640 {
			t.Errorf("mode %v, error %v", info.Mode(), err)
		}
		if target, err := os.Readlink(link); err != nil || target != "available.conf" {
			t.Errorf("link to %q, error %v", target, err)
		}
	}
	both := append(fixOf(link), fixOf(file)...)
	err := writeFixes(t, both, func() error {
		check("Listen 81\n")
		return errors.New("httpd says no")
	})
	if err == nil || !strings.Contains(err.Error(), "httpd says no\nall was put back as it was before") {
		t.Errorf("error %v", err)
	}
	check("Listen 80\n")
	both[1].Text = "Listen 82\n"
	if err := writeFixes(t, both, nil); err == nil || !strings.Contains(err.Error(), "are one file") {
		t.Errorf("error %v", err)
	}
	check("Listen 80\n")
}

// TestFixLeavesChangedFileAlone keeps what somebody else has written.
func TestFixLeavesChangedFileAlone(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "site.conf")
	if err := os.WriteFile(file, []byte("Listen 8080\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	fixed := audit.Fixed{File: &conf.File{Name: file, Source: "Listen 80\n"}, Text: "Listen 81\n"}
	if err := writeFixes(t, []audit.Fixed{fixed}, nil); err == nil || !strings.Contains(err.Error(), "was modified by another program") {
		t.Errorf("error %v", err)
	}
	if text := textOf(t, file); text != "Listen 8080\n" {
		t.Errorf("text %q", text)
	}
}
