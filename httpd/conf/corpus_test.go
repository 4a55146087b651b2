package conf

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/needtest"
)

// corpus is the folder of real configuration to compare with, or skips.
func corpus(t *testing.T) string {
	t.Helper()
	folder := needtest.Asked(t, "WSGICTL_CORPUS")
	return folder
}

// corpusCase is one file of the corpus and what httpd printed for it.
type corpusCase struct{ name, text, dump string }

func corpusCases(t *testing.T) []corpusCase {
	t.Helper()
	folder := corpus(t)
	dumps, err := filepath.Glob(filepath.Join(folder, "oracle", "*.dump"))
	if err != nil || len(dumps) == 0 {
		t.Fatalf("no dumps in %s: %v", folder, err)
	}
	var cases []corpusCase
	for _, dump := range dumps {
		name := strings.TrimSuffix(filepath.Base(dump), ".dump")
		text, ok := readFirst(
			strings.TrimSuffix(dump, ".dump")+".neutral.conf",
			filepath.Join(folder, "wsgi", name),
			filepath.Join(folder, filepath.FromSlash(strings.ReplaceAll(name, "__", "/"))),
		)
		if !ok {
			t.Logf("no text for %s", name)
			continue
		}
		want, err := os.ReadFile(dump)
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, corpusCase{strings.ReplaceAll(name, "__", "/"), text, string(want)})
	}
	return cases
}

func readFirst(names ...string) (string, bool) {
	for _, name := range names {
		if text, err := os.ReadFile(name); err == nil {
			return string(text), true
		}
	}
	return "", false
}

func TestDumpIsWhatHTTPDPrintedForTheCorpus(t *testing.T) {
	for _, c := range corpusCases(t) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got strings.Builder
			config := ReadSource(firstFile(c.dump), c.text, corpusOptions())
			if err := config.WriteDump(&got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.dump, got.String()); diff != "" {
				t.Errorf("dump (-httpd +wsgictl):\n%s", diff)
			}
		})
	}
}

// firstFile is the name that a dump begins with.
func firstFile(dump string) string {
	first, _, _ := strings.Cut(dump, "\n")
	return strings.TrimPrefix(first, "# In file: ")
}

// corpusOptions describe the server that printed the dumps: httpd 2.4.71 with
// all its modules, mpm_event and mod_wsgi.
func corpusOptions() Options {
	options := Options{Scope: Whole, Version: "2.4.71", Assumed: []string{"wsgi_module"}, Environment: map[string]string{
		"APACHE_LOG_DIR": "/tmp/gt/logs", "APACHE_RUN_DIR": "/tmp/gt/run", "APACHE_LOCK_DIR": "/tmp/gt/run",
	}}
	for _, module := range HTTPDModules("") {
		if module.Identifier != "mpm_prefork_module" && module.Identifier != "mpm_worker_module" {
			options.Assumed = append(options.Assumed, module.Identifier)
		}
	}
	return options
}

// TestCorpusFilesHaveNoFalseErrors reads each file on its own, as a part of a
// configuration. httpd accepted those that have a dump.
func TestCorpusFilesHaveNoFalseErrors(t *testing.T) {
	accepted := map[string]bool{}
	for _, c := range corpusCases(t) {
		accepted[c.name] = true
	}
	folder := corpus(t)
	templates := corpusTemplates(t)
	held := 0
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		name, _ := filepath.Rel(folder, path)
		if err != nil || entry.IsDir() || strings.HasPrefix(name, "oracle") || filepath.Ext(name) != ".conf" {
			return err
		}
		text, err := os.ReadFile(path)
		config := ReadSource(path, string(text), Options{})
		if accepted[strings.TrimPrefix(name, "wsgi/")] {
			held++
		}
		for _, d := range config.Errors() {
			if accepted[strings.TrimPrefix(name, "wsgi/")] {
				t.Errorf("httpd accepts what is reported here: %v", d)
			}
			if command, ok := strings.CutPrefix(d.Message, "Invalid command '"); ok && isHTTPDs(command[:strings.IndexByte(command, '\'')]) {
				t.Errorf("a directive that httpd has: %v", d)
			}
			if strings.HasPrefix(d.Message, "Could not open") {
				t.Errorf("a file of another host: %v", d)
			}
		}
		if template, known := templates[filepath.Base(name)]; known && !template && config.Files[0].Template {
			t.Errorf("%s: taken for a template: %v", name, config.Diagnostics)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if held == 0 {
		t.Errorf("none of the %d files that httpd accepts is there under its name", len(accepted))
	}
}

// isHTTPDs tells whether a module of httpd has the directive.
func isHTTPDs(name string) bool {
	for _, module := range HTTPDModules("") {
		for _, form := range module.Directives {
			if strings.EqualFold(form.Name, name) {
				return true
			}
		}
	}
	return false
}

// corpusTemplates tells, by file name, whether a person called it a template.
func corpusTemplates(t *testing.T) map[string]bool {
	t.Helper()
	file, err := os.Open(filepath.Join(corpus(t), "wsgi", "manifest.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	templates := map[string]bool{}
	for _, row := range rows[1:] {
		templates[row[0]] = row[4] == "yes"
	}
	return templates
}
