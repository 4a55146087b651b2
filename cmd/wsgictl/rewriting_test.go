package main

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

// TestRewritingPutsAllBack writes a file by way of a link, twice, and puts it
// back: its text, its mode, and the link.
func TestRewritingPutsAllBack(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file, link := filepath.Join(folder, "available.conf"), filepath.Join(folder, "enabled.conf")
	if err := os.WriteFile(file, []byte("Listen 80\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("available.conf", link); err != nil {
		t.Fatal(err)
	}
	var r rewriting
	for _, text := range [][2]string{{"Listen 80\n", "Listen 81\n"}, {"Listen 81\n", "Listen 82\n"}} {
		fixed := audit.Fixed{File: &conf.File{Name: link, Source: text[0]}, Text: text[1]}
		if err := r.write([]audit.Fixed{fixed}, nil); err != nil {
			t.Fatal(err)
		}
	}
	check := func(want string) {
		t.Helper()
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(text)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if info, err := os.Lstat(file); err != nil || info.Mode() != 0o640 {
			t.Errorf("mode %v, error %v", info.Mode(), err)
		}
		if target, err := os.Readlink(link); err != nil || target != "available.conf" {
			t.Errorf("link to %q, error %v", target, err)
		}
	}
	check("Listen 82\n")
	if err := r.putBack(errors.New("httpd says no")); !strings.Contains(err.Error(), "httpd says no; all files are put back") {
		t.Errorf("error %v", err)
	}
	check("Listen 80\n")
}

// TestRewritingLeavesChangedFileAlone keeps what somebody else has written.
func TestRewritingLeavesChangedFileAlone(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "site.conf")
	if err := os.WriteFile(file, []byte("Listen 8080\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var r rewriting
	fixed := audit.Fixed{File: &conf.File{Name: file, Source: "Listen 80\n"}, Text: "Listen 81\n"}
	if err := r.write([]audit.Fixed{fixed}, nil); err == nil || !strings.Contains(err.Error(), "was modified by another program") {
		t.Errorf("error %v", err)
	}
	if text, _ := os.ReadFile(file); string(text) != "Listen 8080\n" {
		t.Errorf("text %q", text)
	}
}
