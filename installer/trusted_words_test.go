package installer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/trusttest"
)

func TestPathsInWordsOfACompiler(t *testing.T) {
	t.Parallel()
	for word, want := range map[string][]string{
		"-O2": nil, "-I.": nil, "-lpython3.11": nil, "-pthread": nil, `-DHOME="/home"`: nil, "-ffile-prefix-map=/build/x=.": nil,
		"-I/usr/include": {"/usr/include"}, "-L/usr/lib/": {"/usr/lib"}, "-B/opt/bin": {"/opt/bin"}, "-isystem/opt/include": {"/opt/include"},
		"-include/opt/x.h": {"/opt/x.h"}, "-iquote/opt": {"/opt"}, "/opt/libpython.a": {"/opt/libpython.a"},
		"-Wl,-rpath,/opt/lib:/srv/lib": {"/opt/lib", "/srv/lib"}, "--sysroot=/opt": {"/opt"}, "-fplugin=/tmp/x.so": {"/tmp/x.so"},
		"@/tmp/words": {"/tmp/words"}, "-Wl,-force_load,/opt/libpython.a": {"/opt/libpython.a"},
	} {
		if diff := cmp.Diff(want, pathsIn(word)); diff != "" {
			t.Errorf("%s: %s", word, diff)
		}
	}
}

func TestWordsLeadRootToRootsFilesAlone(t *testing.T) {
	t.Parallel()
	dir := trusttest.Folder(t)
	if err := os.Mkdir(filepath.Join(dir, "hers"), 0o755); err != nil {
		t.Fatal(err)
	}
	give(t, filepath.Join(dir, "hers"), alice)
	roots := trust.RootAnd()
	if err := checkWords(roots, []string{"-O2", "-I/usr/include", "-I" + dir, "-I/gone/include"}); err != nil {
		t.Error(err)
	}
	for _, word := range []string{"-I" + dir + "/hers/include", "-fplugin=" + dir + "/hers/x.so", "-I/tmp/not-there-yet/include"} {
		err := checkWords(roots, []string{"-O2", word})
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%s: error %v", word, err)
		}
	}
	if err := checkWords(trust.RootAnd(alice), []string{"-I" + dir + "/hers"}); err != nil {
		t.Error(err)
	}
}
