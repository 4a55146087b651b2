package store

import (
	"errors"
	"fmt"
	"io/fs"
)

// format is the number of the way in which this wsgictl writes a store. It rises
// with each change that an older one would misread.
//
//	1: a journal whose "next" is the generation of the system's Apache; no format.json
//	2: a journal of any command, with its own format, time and record
const format = 2

const formatName = "format.json"

// A stamp says how a store is written, and by what.
type stamp struct {
	Format  int    `json:"format"`
	Release string `json:"release"` // of the wsgictl that wrote it so first
}

// Newer is about a store that a newer wsgictl has written in a way of its own.
type Newer struct {
	Dir     string
	Format  int
	Release string // that wrote it
}

func (e *Newer) Error() string {
	return fmt.Sprintf("%s was written by wsgictl %s in format %d, and this wsgictl knows formats up to %d: nothing in it is touched; use wsgictl %[2]s or a newer one here",
		e.Dir, e.Release, e.Format, format)
}

// checkFormat refuses a store of a newer format.
func (s *Store) checkFormat() error {
	written, err := s.readStamp()
	if err == nil && written.Format > format {
		return &Newer{s.dir, written.Format, written.Release}
	}
	return err
}

// stamp makes the store one of this format. Without a stamp it is of the first.
func (s *Store) stamp() error {
	written, err := s.readStamp()
	if err != nil || written.Format == format {
		return err
	}
	return s.WriteRecord(formatName, stamp{format, s.Release})
}

func (s *Store) readStamp() (stamp, error) {
	var written stamp
	err := s.ReadRecord(formatName, &written)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return written, err
}
