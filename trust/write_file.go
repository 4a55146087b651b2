package trust

import (
	"io/fs"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// WriteFile replaces a file as a whole. What is written waits beside it: TMPDIR may
// be anybody's, or full, or on another file system. The umask applies to mode unless
// an option says otherwise.
func WriteFile(path string, content []byte, mode fs.FileMode, options ...renameio.Option) error {
	return renameio.WriteFile(path, content, mode, append(options, renameio.WithTempDir(filepath.Dir(path)))...)
}
