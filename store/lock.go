package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// lockName is a file, which says who holds the lock for people to read.
const lockName = "lock"

// Lock waits until this process alone may change what the store is for, or
// until the context ends. While it has to wait it says once, through waiting,
// who holds the lock; waiting may be nil. The lock is flock(2): it is gone with the
// process, however that exits. A store that holds nothing to remember goes with
// unlock.
func (s *Store) Lock(ctx context.Context, waiting func(holder string)) (unlock func(), err error) {
	for attempt := 1; ; attempt++ {
		file, err := s.tryLock()
		if err == nil {
			if err := s.checkFormat(); err != nil { // another one may have written it since it was opened
				_ = file.Close()
				return nil, err
			}
			signLock(file)
			s.clearUnfinished()
			return func() {
				s.discard()
				_ = file.Close()
			}, nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) {
			return nil, err
		}
		if attempt == 2 && waiting != nil { // and not for one who only looked
			waiting(s.holder())
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("this command was stopped while it waited for another one to finish: %s", s.holder())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// clearUnfinished removes what a killed process was about to write into the store:
// that has a name with a dot first.
func (s *Store) clearUnfinished() {
	folder, err := s.folder()
	if err != nil {
		return
	}
	for _, pattern := range []string{".*", "*/.*"} {
		unfinished, err := fs.Glob(folder.FS(), pattern)
		for _, name := range unfinished {
			if err == nil && name != "." {
				_ = folder.Remove(name)
			}
		}
	}
}

// Holder says who holds the lock at the moment; empty where nobody does.
func (s *Store) Holder() (string, error) {
	folder, err := s.folder()
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	file, err := folder.Open(lockName)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", s.named(err)
	}
	defer file.Close()
	if err := flock(file, unix.LOCK_SH); errors.Is(err, unix.EWOULDBLOCK) {
		return s.holder(), nil
	}
	return "", nil
}

// tryLock opens and locks the file of the lock; unix.EWOULDBLOCK is that another
// process holds it.
func (s *Store) tryLock() (*os.File, error) {
	if err := s.Make(); err != nil {
		return nil, err
	}
	file, err := s.held.OpenFile(lockName, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, unix.EROFS) { // what only looks is not kept from it by a disk that failed
		file, err = s.held.Open(lockName)
	}
	if errors.Is(err, fs.ErrNotExist) { // the store went with whoever had the lock
		return nil, unix.EWOULDBLOCK
	}
	if err != nil {
		return nil, fmt.Errorf("lock: %w", s.named(err))
	}
	if err = flock(file, unix.LOCK_EX); err == nil && !isAt(file, s.Path(lockName)) {
		err = unix.EWOULDBLOCK // another one is there by now
	}
	if err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("lock %s: %w", s.Path(lockName), err)
	}
	return file, nil
}

// TryLockFolder locks a folder itself, which leaves no file behind.
// unix.EWOULDBLOCK is that another process holds it.
func TryLockFolder(dir string) (unlock func(), err error) {
	folder, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := flock(folder, unix.LOCK_EX); err != nil {
		_ = folder.Close()
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	return func() { _ = folder.Close() }, nil
}

// flock locks a file, without waiting for others.
func flock(file *os.File, how int) error {
	for {
		if err := unix.Flock(int(file.Fd()), how|unix.LOCK_NB); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

// isAt tells whether an open file is still what stands at a path.
func isAt(file *os.File, path string) bool {
	held, err := file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(path)
	return err == nil && os.SameFile(held, there)
}

// signLock writes into the lock file who holds it. It is for people only, so
// that a disk without room for it is no reason to stop.
func signLock(file *os.File) {
	text := fmt.Sprintf("process %d (%s) since %s\n", os.Getpid(), strings.Join(os.Args, " "), time.Now().Format(time.DateTime))
	if err := file.Truncate(0); err == nil {
		_, _ = file.WriteAt([]byte(text), 0)
	}
}

// holder is who signed the lock last.
func (s *Store) holder() string {
	text, err := s.read(lockName)
	if holder := strings.TrimSpace(string(text)); err == nil && holder != "" {
		return "held by " + holder
	}
	return "held by another wsgictl"
}
