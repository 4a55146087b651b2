package history

import (
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Limit is how much a folder holds, in bytes.
const Limit = 50_000_000

// flushEach is how long samples wait until they are written: as much is lost at most
// where the process is killed.
const flushEach = 5 * time.Second

// Store keeps samples in a folder. It may be used by several goroutines.
type Store struct {
	folder string
	tell   func(string)
	lock   *os.File
	press  *flate.Writer

	mu      sync.Mutex
	limit   int64
	total   int64 // bytes in the folder
	files   map[string]*os.File
	pending map[string][]numbers
	flushed time.Time
	minute  time.Time
	merged  map[string]*merged // of that minute
}

// ErrInUse is what Open wraps where another process keeps its history in the folder.
var ErrInUse = errors.New("another monitor keeps its history there")

// Open keeps samples in a folder, which it makes where it is missing. What was put aside
// because it cannot be read is told.
func Open(folder string, tell func(string)) (*Store, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("keep history: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(folder, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("keep history: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		lock.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = ErrInUse
		}
		return nil, fmt.Errorf("keep history in %s: %w", folder, err)
	}
	press, err := flate.NewWriter(nil, flate.BestSpeed)
	if err != nil {
		panic(err) // the level is one that there is
	}
	return &Store{folder: folder, tell: tell, lock: lock, press: press, limit: Limit, files: map[string]*os.File{}, pending: map[string][]numbers{}, merged: map[string]*merged{}}, nil
}

// Add keeps what groups are like at a time.
func (s *Store) Add(at time.Time, samples map[string]Sample) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	at = at.Truncate(time.Second)
	var failed error
	if minute := at.Truncate(time.Minute); !minute.Equal(s.minute) {
		failed = errors.Join(s.flush(), s.flushMinute())
		s.minute = minute
	}
	for name, sample := range samples {
		if len(name) > maxName || len(s.pending) >= maxGroups && s.pending[name] == nil {
			continue
		}
		sample.At = at
		s.pending[name] = append(s.pending[name], sample.numbers())
		if s.merged[name] == nil {
			s.merged[name] = &merged{}
		}
		s.merged[name].add(sample)
	}
	if at.Sub(s.flushed) >= flushEach || at.Before(s.flushed) {
		failed = errors.Join(failed, s.flush())
		s.flushed = at
	}
	return failed
}

// flush writes what waits. What cannot be written is lost: there is more to come.
func (s *Store) flush() error {
	if len(s.pending) == 0 {
		return nil
	}
	pending := s.pending
	s.pending = map[string][]numbers{}
	return s.write(seconds, pending)
}

// flushMinute writes the minute that is over.
func (s *Store) flushMinute() error {
	if len(s.merged) == 0 {
		return nil
	}
	samples := map[string][]numbers{}
	for name, m := range s.merged {
		samples[name] = []numbers{m.sample(s.minute).numbers()}
	}
	s.merged = map[string]*merged{}
	return s.write(minutes, samples)
}

// write appends a block to the file of its time.
func (s *Store) write(k kind, samples map[string][]numbers) error {
	var at time.Time
	for _, list := range samples {
		at = list[0].sample().At
		break
	}
	file, err := s.open(k, at)
	if err != nil {
		return err
	}
	frame, err := appendFrame(nil, samples, s.press)
	if err != nil {
		return fmt.Errorf("keep history: %w", err)
	}
	if s.total+int64(len(frame)) > s.limit {
		if s.total, err = prune(s.folder, at, s.limit-int64(len(frame))); err != nil {
			return err
		}
		if _, err := os.Lstat(file.Name()); errors.Is(err, fs.ErrNotExist) { // it was the oldest one
			file.Close()
			delete(s.files, k.name)
			return nil
		}
	}
	good, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return fmt.Errorf("keep history: %w", err)
	}
	if _, err := file.Write(frame); err != nil { // the disk is full
		_, back := file.Seek(good, io.SeekStart)
		return fmt.Errorf("keep history: %w", errors.Join(err, file.Truncate(good), back))
	}
	s.total += int64(len(frame))
	return nil
}

// open gives the file of a time, and removes what is too old when that is another one
// than before.
func (s *Store) open(k kind, at time.Time) (*os.File, error) {
	path := filepath.Join(s.folder, k.fileOf(at))
	if file := s.files[k.name]; file != nil && file.Name() == path {
		return file, nil
	} else if file != nil {
		file.Close()
		delete(s.files, k.name)
	}
	good, err := readBlocks(path, s.tell, func([]byte) error { return nil })
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("keep history: %w", err)
	}
	err = file.Truncate(good)
	switch {
	case err == nil && good == 0:
		_, err = file.WriteString(firstLine)
	case err == nil:
		_, err = file.Seek(good, io.SeekStart)
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("keep history: %w", err)
	}
	s.files[k.name] = file
	s.total, err = prune(s.folder, at, s.limit)
	return file, err
}

// Close writes what waits.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := errors.Join(s.flush(), s.flushMinute())
	for _, file := range s.files {
		err = errors.Join(err, file.Close())
	}
	return errors.Join(err, s.lock.Close())
}
