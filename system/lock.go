package system

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Lock waits until this process alone may change the Apache of the store, or
// until the context ends. While it has to wait it says once, through waiting,
// who holds the lock. The lock is flock(2): it ends with the process, however
// that ends.
func (s *Store) Lock(ctx context.Context, waiting func(holder string)) (unlock func(), err error) {
	file, err := os.OpenFile(s.path("lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, unix.EROFS) { // what only looks is not kept from it by a disk that failed
		file, err = os.Open(s.path("lock"))
	}
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	for told := false; ; told = true {
		err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			break
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			_ = file.Close()
			return nil, fmt.Errorf("lock %s: %w", file.Name(), err)
		}
		if !told {
			waiting(lockHolder(file.Name()))
		}
		select {
		case <-ctx.Done():
			_ = file.Close()
			return nil, fmt.Errorf("this command was stopped while it waited for another one to finish: %s", lockHolder(file.Name()))
		case <-time.After(50 * time.Millisecond):
		}
	}
	signLock(file)
	s.clearStages()
	return func() { _ = file.Close() }, nil
}

// signLock writes into the lock file who holds it. It is for people only, so
// that a disk without room for it is no reason to stop.
func signLock(file *os.File) {
	text := fmt.Sprintf("process %d (%s) since %s\n", os.Getpid(), strings.Join(os.Args, " "), time.Now().Format(time.DateTime))
	if err := file.Truncate(0); err == nil {
		_, _ = file.WriteAt([]byte(text), 0)
	}
}

func lockHolder(path string) string {
	text, err := os.ReadFile(path)
	if holder := strings.TrimSpace(string(text)); err == nil && holder != "" {
		return "held by " + holder
	}
	return "held by another wsgictl"
}
