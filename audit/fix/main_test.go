package fix

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
)

func TestMain(m *testing.M) {
	trust.Become() // for what these tests do as another account
	os.Exit(m.Run())
}

func fixOf(file string) []audit.Fixed {
	return []audit.Fixed{{File: &conf.File{Name: file, Source: "Listen 80\n"}, Text: "Listen 81\n"}}
}

func textOf(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// writeFixes writes what fixes make of files, and puts it back unless verify is fine
// with it.
func writeFixes(t *testing.T, fixed []audit.Fixed, verify func() error) error {
	t.Helper()
	fixes, err := store.Open(filepath.Join(t.TempDir(), "store"), store.Options{Trusted: trust.RootAndCaller()})
	if err != nil {
		t.Fatal(err)
	}
	p := newProposal()
	p.take(fixed)
	return p.write(t.Context(), fixes, func(string) {}, verify)
}
