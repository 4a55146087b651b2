package fix

import (
	"context"
	"errors"
	"time"
)

// patience is how long is waited, once the context is done, for what was started to be
// killed. With it a command exits within a second.
const patience = 400 * time.Millisecond

// unlessDone does what does not look at a context by itself, such as reading
// files of others. When the context is done, that is left alone as soon as what
// it has started is killed.
func unlessDone[T any](ctx context.Context, do func() (T, error)) (T, error) {
	var result T
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		result, err = do()
	}()
	select {
	case <-done:
	case <-ctx.Done():
		select {
		case <-done:
		case <-time.After(patience):
		}
		var none T
		return none, errors.New("not all could be looked at")
	}
	return result, err
}
