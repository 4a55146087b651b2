package trust

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/trusttest"
)

func TestProgramsOfOthersArePassedOver(t *testing.T) {
	dir := trusttest.Folder(t)
	lay(t, dir, []item{
		{path: "hers/", uid: alice}, {path: "hers/cc", mode: 0o755}, {path: "hers/hers", mode: 0o755},
		{path: "roots/"}, {path: "roots/cc", mode: 0o755}, {path: "roots/link -> $DIR/hers/hers"},
	})
	t.Setenv("PATH", filepath.Join(dir, "hers")+":roots::"+filepath.Join(dir, "roots"))
	t.Chdir(dir)
	if path, err := RootAnd().LookPath("cc"); err != nil || path != filepath.Join(dir, "roots", "cc") {
		t.Errorf("%s, %v", path, err)
	}
	if path, err := RootAnd(alice).LookPath("cc"); err != nil || path != filepath.Join(dir, "hers", "cc") {
		t.Errorf("%s, %v", path, err)
	}
	for _, name := range []string{"hers", "link", filepath.Join(dir, "hers", "cc")} {
		if path, err := RootAnd().LookPath(name); err == nil || !strings.Contains(err.Error(), "it belongs to user 61001") {
			t.Errorf("%s: %s, %v", name, path, err)
		}
	}
	if _, err := RootAnd().LookPath("gone"); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("error %v", err)
	}
	if got := RootAnd().SearchPath(os.Getenv("PATH")); got != filepath.Join(dir, "roots") {
		t.Errorf("PATH is %q", got)
	}
}

func TestTrustIsAskedForByNameOrNumber(t *testing.T) {
	t.Parallel()
	dir := trusttest.Folder(t)
	lay(t, dir, []item{{path: "file", uid: alice}})
	var untrusted *Untrusted
	if err := RootAnd().Check(dir + "/file"); !errors.As(err, &untrusted) || untrusted.Hole.Option() != "--trust '#61001'" {
		t.Fatalf("error %v", err)
	}
	trusted, err := RootAnd().And("#61001")
	if err != nil || trusted.Check(dir+"/file") != nil {
		t.Errorf("not trusted: %v", err)
	}
	if _, err := RootAnd().And("#alice"); err == nil {
		t.Error("a name is taken for a number")
	}
	if option := (Hole{Open: true}).Option(); option != "" {
		t.Errorf("anybody is trusted by %q", option)
	}
}
