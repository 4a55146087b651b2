package installer

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"math"
)

func zipEntries(text *bytes.Reader) (func() (entry, error), error) {
	bounded := &boundedReaderAt{from: text, left: maxHeaderSize}
	archive, err := zip.NewReader(bounded, text.Size())
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // localName refuses such a name, and says which
		return nil, damaged(err)
	}
	bounded.left = math.MaxInt64 // the directory has been read; contents are counted by unpackAll
	files := archive.File
	return func() (entry, error) {
		if len(files) == 0 {
			return entry{}, io.EOF
		}
		file := files[0]
		files = files[1:]
		e := entry{name: file.Name, mode: file.Mode().Type(), size: int64(min(file.UncompressedSize64, 1<<62))}
		if !e.mode.IsDir() && !e.mode.IsRegular() {
			e.refusal = "neither a file nor a folder; archives of mod_wsgi hold nothing else: refused"
			return e, nil
		}
		e.content, err = file.Open() // nothing has to be closed: it reads from the archive's own file
		return e, err
	}, nil
}

// A boundedReaderAt refuses a zip whose directory is larger than any archive's
// of mod_wsgi: package zip reads all of it before it gives out the first entry,
// whatever number the zip tells.
type boundedReaderAt struct {
	from io.ReaderAt
	left int64 // in bytes
}

func (b *boundedReaderAt) ReadAt(p []byte, offset int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errLongHeaders
	}
	return b.from.ReadAt(p, offset)
}
