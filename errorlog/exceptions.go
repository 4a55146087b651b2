package errorlog

import (
	"bytes"

	"github.com/wsgictl/wsgictl/modwsgi"
)

const (
	// exceptionID is the message that an exception left the application. A
	// traceback follows, and after it the exception.
	exceptionID = "WSGI0174"
	// clientGoneID is the message of an exception that is no fault of the
	// application's: the client has gone.
	clientGoneID = "client-gone"
)

// mostHeld is how many threads may be in the midst of a traceback.
const mostHeld = 256

// exceptions are the messages of exceptions that have not been written yet, by
// the thread that writes them: the exception alone tells whose fault it is.
type exceptions map[string]heldMessage

type heldMessage struct {
	message *modwsgi.Message
	seen    seen
}

// hold keeps a message, and gives those that cannot be kept any longer.
func (e *exceptions) hold(m *modwsgi.Message, process []byte, s seen) (given []heldMessage) {
	if len(*e) == mostHeld {
		given = e.releaseAll()
	}
	if *e == nil {
		*e = exceptions{}
	}
	held := heldMessage{message: m}
	held.seen.keep(s)
	(*e)[string(process)] = held
	return given
}

// has tells whether the message of a thread is kept.
func (e exceptions) has(process []byte) bool {
	if len(e) == 0 {
		return false
	}
	_, ok := e[string(process)]
	return ok
}

// release gives the message of a thread, which is not kept any longer.
func (e exceptions) release(process []byte) (held heldMessage, ok bool) {
	if len(e) == 0 {
		return held, false
	}
	if held, ok = e[string(process)]; ok {
		delete(e, string(process))
	}
	return held, ok
}

func (e *exceptions) releaseAll() (given []heldMessage) {
	for _, held := range *e {
		given = append(given, held)
	}
	clear(*e)
	return given
}

// continuesTraceback tells whether a line stands between the message and the
// exception.
func continuesTraceback(text []byte) bool {
	return len(text) == 0 || text[0] == ' ' || bytes.HasPrefix(text, []byte("Traceback (most recent call last):"))
}

func isClientGone(m *modwsgi.Message) bool { return m != nil && m.ID == clientGoneID }
