package system

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/store"
)

// What a former version of wsgictl left is read, and each command works on it.
func TestStoreOfAFormerVersionIsReadAndWorkedOn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(i *instance) error
		serves []string // afterwards, by 6.1.1
	}{
		"remove shop": {func(i *instance) error { return i.remove("shop") }, []string{"blog"}},
		"remove blog": {func(i *instance) error { return i.remove("blog") }, []string{"shop"}}, // which brought the module
		"apply shop":  {func(i *instance) error { return i.apply(i.project("4.9.4", "shop")) }, []string{"shop", "blog"}},
		"apply blog":  {func(i *instance) error { return i.apply(with(i.project("6.1.1", "blog"), "2")) }, []string{"shop", "blog"}},
		"all": {func(i *instance) error {
			for _, change := range []func() error{
				func() error { return i.apply(i.project("4.9.4", "shop")) }, func() error { return i.rollback(-1) },
				func() error { return i.remove("blog") }, func() error { return i.rollback(-1) },
			} {
				if err := change(); err != nil {
					return err
				}
			}
			return nil
		}, []string{"shop", "blog"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newStoppedInstance(t, "event")
			i.bringBack("testdata/two_projects.txtar")
			i.start()
			if err := c.change(i); err != nil {
				t.Fatal(err)
			}
			for _, site := range c.serves {
				i.expect(site, "6.1.1")
			}
			i.clean()
		})
	}
}

// bringBack lays a recorded store, and what stands by its newest generation, with
// the instance's own names.
func (i *instance) bringBack(archive string) {
	i.t.Helper()
	recorded, err := txtar.ParseFile(archive)
	if err != nil {
		i.t.Fatal(err)
	}
	names := []string{"/tmp/@NAME@", filepath.Dir(i.root), "@NAME@", filepath.Base(filepath.Dir(i.root)), ":@PORT@", ":" + strconv.Itoa(i.port)}
	contents, renamed := map[string]string{}, []string{} // by digest, which is another one with other names
	for _, file := range recorded.Files {
		if was, isObject := strings.CutPrefix(file.Name, "objects/"); isObject {
			content := strings.NewReplacer(names...).Replace(string(file.Data))
			contents[store.Digest([]byte(content))] = content
			renamed = append(renamed, was, store.Digest([]byte(content)))
		}
	}
	for _, file := range recorded.Files {
		if strings.HasPrefix(file.Name, "generations/") {
			text := i.withModules(strings.NewReplacer(append(names, renamed...)...).Replace(string(file.Data)), contents)
			i.write(filepath.Join(i.History.Path(), file.Name), text)
		}
	}
	for name, content := range contents {
		i.write(filepath.Join(i.History.Path(), "objects", name), content)
	}
	for _, name := range []string{"shop", "blog"} {
		i.project("6.1.1", name) // with its script
	}
	i.layCurrent()
}

// withModules is the text of a generation with the digests of the modules that are
// built here.
func (i *instance) withModules(text string, contents map[string]string) string {
	i.t.Helper()
	for _, release := range []string{"4.9.4", "6.1.1"} {
		content, err := os.ReadFile(httpdtest.Module(i.t, release))
		if err != nil {
			i.t.Fatal(err)
		}
		contents[store.Digest(content)] = string(content)
		module := regexp.MustCompile(`(?s)(mod_wsgi-` + regexp.QuoteMeta(release) + `-py[^"]*": \{[^}]*?"digest": ")[0-9a-f]{64}`)
		text = module.ReplaceAllString(text, "${1}"+store.Digest(content))
	}
	return text
}

// layCurrent writes what stands by the generation in force.
func (i *instance) layCurrent() {
	i.t.Helper()
	current, err := i.History.Current()
	if err != nil {
		i.t.Fatal(err)
	}
	for _, path := range byRank(current.Managed, func(m Managed) int { return m.Rank }) {
		managed := current.Managed[path]
		if err := i.History.Fill(&managed.PathState); err != nil {
			i.t.Fatal(err)
		}
		switch managed.Kind {
		case store.Folder:
			err = os.MkdirAll(path, managed.Mode)
		case store.File:
			i.write(path, string(managed.Content))
		case store.Link:
			err = os.Symlink(managed.Target, path)
		case store.Absent:
			err = os.RemoveAll(path)
		}
		if err != nil {
			i.t.Fatal(err)
		}
	}
	difference, err := Compare(current.Wanted(), current.Managed)
	if err != nil || len(difference.Changes) > 0 {
		text, _ := json.Marshal(difference.Changes)
		i.t.Fatalf("what was laid is not what is recorded: error %v, changes %s", err, text)
	}
}
