package installer

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/trust"
)

// checkWords refuses words that lead the compiler or the linker to files that
// somebody could change who is not trusted: headers, libraries, plugins.
func checkWords(trusted trust.Trustees, words []string) error {
	for _, word := range words {
		for _, path := range pathsIn(word) {
			if err := checkNearest(trusted, path); err != nil {
				return fmt.Errorf("the compiler's word %s: %w: what it leads to becomes part of what Apache runs as root", word, err)
			}
		}
	}
	return nil
}

// absolutePath finds the paths in a word: a word of its own, behind an option
// that is written together with it, as in -I/opt and -isystem/opt, or behind a
// comma, a colon, an equals sign or an at sign.
var absolutePath = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?:^|^-[A-Za-z-]+|[,:=@])(/[^,:]*)`) })

// pathsIn gives the absolute paths that a word leads to. Definitions are text,
// and prefix maps change the names in debug information alone.
func pathsIn(word string) []string {
	if strings.HasPrefix(word, "-D") || strings.Contains(word, "-prefix-map=") {
		return nil
	}
	var paths []string
	for _, match := range absolutePath().FindAllStringSubmatch(word, -1) {
		paths = append(paths, filepath.Clean(match[1]))
	}
	return slices.Compact(paths)
}

// checkNearest checks a path, or the folder in which somebody could make what
// is not there.
func checkNearest(trusted trust.Trustees, path string) error {
	for {
		err := trusted.Check(path)
		if !errors.Is(err, fs.ErrNotExist) || path == filepath.Dir(path) {
			return err
		}
		path = filepath.Dir(path)
	}
}
