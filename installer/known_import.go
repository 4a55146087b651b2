package installer

import (
	_ "embed"
	"runtime"
)

//go:embed linked/known_import.c
var knownImportText string

const knownImportFile = "wsgictl_known_import.c"

// knownImport is a C file that is linked with a release's own files, and the
// words for the linker that put its function in its place: it spares up to a
// third of what a request costs (docs/performance.md). Apple's linker has no
// such words, so there it is not linked.
func knownImport() (text string, words []string) {
	if runtime.GOOS == "darwin" {
		return "", nil
	}
	return knownImportText, []string{"-Wl,--wrap=PyImport_ImportModule"}
}
