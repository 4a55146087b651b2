package audit_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/wsgi"
)

// TestCorpus reads the real configurations below WSGICTL_CORPUS, and compares
// the modes of each with those that its manifest tells: what a real Apache
// served where it was run, else what a person read.
func TestCorpus(t *testing.T) {
	t.Parallel()
	folder := needtest.Asked(t, "WSGICTL_CORPUS")
	for _, row := range readManifest(t, filepath.Join(folder, "wsgi", "manifest.csv")) {
		t.Run(row["file"], func(t *testing.T) {
			t.Parallel()
			config, err := conf.Read(filepath.Join(folder, "wsgi", row["file"]), conf.Options{
				Modules: []conf.Module{wsgi.Module(modwsgi.Release{})},
			})
			if err != nil {
				t.Fatal(err)
			}
			got := modes(wsgi.Look(config, modwsgi.Release{}, nil))
			if row["template"] == "yes" || strings.Contains(row["httpd_message"], "not yet configured") {
				return // no configuration that a server accepts
			}
			if want := expectedMode(row); want != got {
				t.Errorf("mode %s, want %s", got, want)
			}
		})
	}
}

// TestCorpusFilesHaveNoFalseErrors reads with mod_wsgi's own checks what httpd
// accepted.
func TestCorpusFilesHaveNoFalseErrors(t *testing.T) {
	t.Parallel()
	folder := needtest.Asked(t, "WSGICTL_CORPUS")
	accepted := 0
	for _, row := range readManifest(t, filepath.Join(folder, "wsgi", "manifest.csv")) {
		if row["httpd_neutral"] != "ok" || row["template"] == "yes" {
			continue
		}
		accepted++
		config, err := conf.Read(filepath.Join(folder, "wsgi", row["file"]), conf.Options{
			Modules: []conf.Module{wsgi.Module(modwsgi.Release{})},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range config.Errors() {
			t.Errorf("httpd accepts what is reported here: %v", d)
		}
	}
	if accepted < 50 {
		t.Errorf("%d files that httpd accepted: the manifest is not understood", accepted)
	}
}

// expectedMode is the mode that the manifest tells, in the words of modes.
func expectedMode(row map[string]string) string {
	switch mode := row["runtime"]; {
	case strings.HasPrefix(mode, "HTTP 500"):
		return "refused"
	case mode != "":
		return mode
	}
	return row["mode"]
}

// modes sums up the modes of all applications: one of them, mixed, or none.
func modes(v *wsgi.View) string {
	seen := map[wsgi.Mode]bool{}
	for _, a := range v.Applications {
		seen[a.Mode] = true
	}
	switch {
	case len(seen) == 0:
		return "none"
	case len(seen) > 1:
		return "mixed"
	}
	return string(v.Applications[0].Mode)
}

func readManifest(t *testing.T, name string) []map[string]string {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}
