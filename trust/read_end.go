package trust

import "io"

// ReadEnd reads what a regular file ends with, of which there may be gigabytes: limit bytes
// at most, whoever can change it. Anything else than a file is refused without being opened.
func ReadEnd(path string, limit int64) ([]byte, error) {
	file, err := OpenRegular(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.NewSectionReader(file, max(0, info.Size()-limit), limit))
}
