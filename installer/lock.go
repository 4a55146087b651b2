package installer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/store"
)

// lockFolder waits until this process alone holds the folder, until the
// context ends. The lock is flock(2) on the folder itself: it leaves no file
// behind and ends with the process, however that ends.
func lockFolder(ctx context.Context, dir string) (unlock func(), err error) {
	for {
		unlock, err := store.TryLockFolder(dir)
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
