package main

import "testing"

func TestEachFolderHasADeclarationOfItsOwn(t *testing.T) {
	t.Parallel()
	known := map[string]string{}
	for _, folder := range []string{"/srv/a/b", "/srv/a-b", "/srv/a--b", "/srv/a-/b", "/srv/a/-b", "/srv/a%2Db"} {
		file := rootsDeclaration(folder)
		if other, taken := known[file]; taken {
			t.Errorf("%s and %s share %s", folder, other, file)
		}
		known[file] = folder
	}
}
