//go:build unix

package trust

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Confined refuses a way to a file that somebody could have led there who cannot
// write in its folder himself: root is not to write there for him.
func (w Way) Confined() error { return w.confinedTo(filepath.Dir(w.Real)) }

// OpenConfined holds a folder open to which the way is confined, as [Way.Confined]
// tells of a file's. It is for root; others can only be led to what they may write
// anyway.
func OpenConfined(path string) (*os.Root, error) {
	if os.Geteuid() != 0 {
		return Deciders().OpenRoot(path)
	}
	return openRoot(path, func(path string) (*os.File, error) {
		w, err := walk(path)
		defer w.close()
		if err != nil {
			return nil, err
		}
		if err := w.confinedTo(w.Real); err != nil {
			return nil, err
		}
		return openLooked(w.file, w.Path, w.Real)
	})
}

// confinedTo refuses each place on the way that somebody can change who cannot
// write in the folder.
func (w Way) confinedTo(folder string) error {
	var own Hole
	for _, hole := range w.Holes {
		if hole.At == folder {
			own = hole
		}
	}
	for _, hole := range w.Holes {
		outsider := hole.Open || slices.ContainsFunc(hole.Who, func(a Account) bool { return !slices.ContainsFunc(own.Who, a.is) })
		if hole.At != w.Real && !own.Open && outsider {
			return fmt.Errorf("%s leads to %s by way of %s, which %s can change without the right to write in %s: root writes nothing by such a way",
				w.Path, w.Real, hole.At, hole.Names(), folder)
		}
	}
	return nil
}

func (a Account) is(other Account) bool { return a.UID == other.UID }
