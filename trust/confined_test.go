package trust

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/trusttest"
)

func TestConfinedTellsWhoCouldLeadElsewhere(t *testing.T) {
	t.Parallel()
	roots := []item{{path: "roots/"}, {path: "roots/file"}}
	hers := []item{{path: "hers/", uid: alice}, {path: "hers/file", uid: alice}}
	for _, test := range []struct {
		name   string
		items  []item
		path   string
		reason string // of the refusal, or empty
	}{
		{"root's", roots, "roots/file", ""},
		{"hers", hers, "hers/file", ""},
		{"root's in her folder", append(hers, item{path: "hers/roots"}), "hers/roots", ""},
		{"hers in root's folder", append(roots, item{path: "roots/hers", uid: alice}), "roots/hers", ""},
		{"root's link to root's", append(roots, item{path: "link -> roots/file"}), "link", ""},
		{"root's link to hers", append(hers, item{path: "link -> hers/file"}), "link", ""},
		{"her link within her folder", append(hers, item{path: "hers/link -> file", uid: alice}), "hers/link", ""},
		{"her link to root's", append(append(hers, roots...), item{path: "hers/link -> ../roots/file", uid: alice}), "hers/link", "user 61001 can change without the right to write in $DIR/roots"},
		{"root's link by her folder", append(append(hers, roots...), item{path: "link -> hers/../roots/file"}), "link", "by way of $DIR/hers"},
		{"her link to another's", append(hers, item{path: "his/", uid: bob}, item{path: "his/file", uid: bob}, item{path: "hers/link -> ../his/file", uid: alice}), "hers/link", "write in $DIR/his"},
		{"a folder of root's in hers", append(hers, item{path: "hers/roots/"}, item{path: "hers/roots/file"}), "hers/roots/file", "by way of $DIR/hers"},
		{"open to all", []item{{path: "open/", mode: 0o777}, {path: "open/file"}}, "open/file", ""},
		{"her link to what is open to all", append(hers, item{path: "open/", mode: 0o777}, item{path: "open/file"}, item{path: "hers/link -> ../open/file", uid: alice}), "hers/link", ""},
		{"root's in what is open to all", []item{{path: "open/", mode: 0o777}, {path: "open/roots/"}, {path: "open/roots/file"}}, "open/roots/file", "anybody can change"},
		{"root's in a sticky folder", []item{{path: "a/", mode: 0o777 | os.ModeSticky}, {path: "a/file"}}, "a/file", ""},
		{"her link in a sticky folder", append(roots, item{path: "a/", mode: 0o777 | os.ModeSticky}, item{path: "a/link -> ../roots/file", uid: alice}), "a/link", "by way of $DIR/a/link"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := trusttest.Folder(t)
			lay(t, dir, test.items)
			way, err := Look(filepath.Join(dir, test.path))
			if err != nil {
				t.Fatal(err)
			}
			reason := strings.ReplaceAll(test.reason, "$DIR", dir)
			if err := way.Confined(); (err == nil) != (reason == "") || err != nil && !strings.Contains(err.Error(), reason) {
				t.Errorf("error %v, want one with %q", err, reason)
			}
		})
	}
}

// A folder that has become a link to root's is not opened, and one of hers is.
func TestOpenConfinedIsNotLedElsewhere(t *testing.T) {
	t.Parallel()
	dir := trusttest.Folder(t)
	lay(t, dir, []item{{path: "roots/"}, {path: "hers/", uid: alice}, {path: "hers/conf/", uid: alice}, {path: "hers/link -> ../roots", uid: alice}})
	folder, err := OpenConfined(dir + "/hers/conf")
	if err != nil {
		t.Fatal(err)
	}
	folder.Close()
	if folder, err := OpenConfined(dir + "/hers/link"); err == nil || !strings.Contains(err.Error(), "without the right to write in "+dir+"/roots") {
		t.Errorf("error %v", err)
		folder.Close()
	}
}
