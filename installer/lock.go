package installer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// lockFolder waits until this process alone holds the folder, until the
// context ends. The lock is flock(2) on the folder itself: it leaves no file
// behind and ends with the process, however that ends.
func lockFolder(ctx context.Context, dir string) (unlock func(), err error) {
	for {
		unlock, err := tryLock(dir)
		if !errors.Is(err, unix.EWOULDBLOCK) {
			return unlock, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("lock %s, held by another wsgictl: %w", dir, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// tryLock locks the folder; unix.EWOULDBLOCK is that another process holds it.
func tryLock(dir string) (unlock func(), err error) {
	folder, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	err = unix.EINTR
	for errors.Is(err, unix.EINTR) {
		err = unix.Flock(int(folder.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	}
	if err != nil {
		_ = folder.Close()
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	return func() { _ = folder.Close() }, nil
}
