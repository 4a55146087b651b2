package intent

import (
	"errors"
	"strings"
	"testing"
)

func TestEachFolderHasADeclarationOfItsOwn(t *testing.T) {
	t.Parallel()
	known := map[string]string{}
	for _, folder := range []string{"/srv/a/b", "/srv/a-b", "/srv/a--b", "/srv/a-/b", "/srv/a/-b", "/srv/a%2Db"} {
		file := rootsFile(folder)
		if other, taken := known[file]; taken {
			t.Errorf("%s and %s share %s", folder, other, file)
		}
		known[file] = folder
	}
}

// Whoever named the project's folder adds no command to the line that root copies.
func TestCommandToCopyADeclarationIsQuoted(t *testing.T) {
	t.Parallel()
	err := foreign("/home/alice/my shop$(id)/wsgictl.toml", errors.New("it belongs to alice"))
	if want := "(install -D -m 600 '/home/alice/my shop$(id)/wsgictl.toml' '" + rootsFile("/home/alice/my shop$(id)") + "')"; !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want one with %q", err, want)
	}
}
