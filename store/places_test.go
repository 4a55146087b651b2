package store

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/needtest"
)

// TestRootsStoreIsInNoFolderOfAll: in the temporary folder others could take a name
// first, and have root read what they put there.
func TestRootsStoreIsInNoFolderOfAll(t *testing.T) {
	t.Parallel()
	needtest.Root(t)
	if diff := cmp.Diff([]string{filepath.Join(RootsFolder(), "etc-apache2")}, Places("/etc/apache2")); diff != "" {
		t.Error(diff)
	}
}

// TestPlaceOfRoot gives a name below the folder of all stores to each folder, however
// deep, and to the root.
func TestPlaceOfRoot(t *testing.T) {
	t.Parallel()
	for folder, want := range map[string]string{"/": "-", "/etc/apache2": "etc-apache2", "/" + strings.Repeat("a", 255): strings.Repeat("a", 255)} {
		if diff := cmp.Diff(filepath.Join(RootsFolder(), want), PlaceOfRoot(folder)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", folder, diff)
		}
	}
	deep, other := PlaceOfRoot("/"+strings.Repeat("a/", 200)+"b"), PlaceOfRoot("/"+strings.Repeat("a/", 200)+"c")
	if name := filepath.Base(deep); len(name) > 255 || deep == other {
		t.Errorf("%d bytes: %s", len(name), name)
	}
}
