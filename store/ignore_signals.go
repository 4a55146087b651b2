package store

import (
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

// IgnoreSignals keeps what must not stop half way from being stopped, until the
// end: by a terminal's Ctrl-Z, while Apache may be held, or by nobody reading any
// more what is reported, as of "wsgictl apply | head".
func IgnoreSignals() (end func()) {
	caught := make(chan os.Signal, 1) // caught and not ignored, for what is started inherits that
	signal.Notify(caught, unix.SIGPIPE, unix.SIGTSTP)
	return func() { signal.Stop(caught) }
}
