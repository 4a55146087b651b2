package system

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// holdLimit is how long Apache may take from the signal to reload until it
// takes the first daemon socket away. It needs a few milliseconds for that.
const holdLimit = 10 * time.Second

// reloadHeld has the signal to reload sent, and holds Apache's parent process
// before it takes the first of the daemon sockets away until drained returns.
//
// At a graceful restart the parent tells its children to take no more
// connections, and does not wait for them: in the same millisecond it clears
// its configuration, by which mod_wsgi unlinks the sockets of its daemon
// processes (wsgi_cleanup_process) and these get SIGTERM. A child that took a
// connection just before finds no socket, for which mod_wsgi does not try again
// (wsgi_connect_daemon: WSGI0117, status 503), and what waited in the queue of
// a daemon process is dropped (WSGI0147, status 500). No setting changes that:
// with "WSGISocketRotation Off" the next daemon processes have the old name, but
// refuse the requests of old children, whose token is that of the former
// configuration (WSGI0034).
//
// The parent is traced with ptrace(2): that ends with this process, however it
// ends, and the parent then goes on by itself.
//
// What keeps it from being held is trouble, with which the signal is sent all
// the same; err is that it could not be sent.
func reloadHeld(pid int, sockets []string, send func() error, drained func()) (trouble, err error) {
	runtime.LockOSThread() // only the thread that traces may do so
	defer runtime.UnlockOSThread()
	if trouble := unix.PtraceSeize(pid); trouble != nil {
		return fmt.Errorf("trace the parent process of Apache: %w", trouble), send()
	}
	h := hold{pid: pid, sockets: sockets}
	sent := make(chan error, 1)
	go func() { sent <- h.send(send) }()
	trouble = h.follow(drained)
	return trouble, <-sent
}

// A hold follows the parent from the signal to reload to its first system call
// that names a daemon socket.
type hold struct {
	pid       int
	sockets   []string
	reloading bool        // it has the signal to reload, and stops at each system call
	over      atomic.Bool // nothing more is to be waited for
	past      atomic.Bool // the parent is no longer traced
}

// send sends the signal, and sees to it that following ends when it was not
// taken up.
func (h *hold) send(send func() error) error {
	err := send()
	for deadline := time.Now().Add(holdLimit); err == nil && !h.past.Load() && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
	h.over.Store(true)
	if !h.past.Load() {
		_ = unix.Kill(h.pid, giveUp)
	}
	return err
}

// giveUp stops a process that is traced, and means nothing to Apache.
const giveUp = unix.SIGURG

// syscallStop marks a stop at a system call.
const syscallStop = unix.SIGTRAP | 0x80

// follow ends with the parent no longer traced.
func (h *hold) follow(drained func()) error {
	defer h.past.Store(true)
	for {
		var status unix.WaitStatus
		switch _, err := unix.Wait4(h.pid, &status, unix.WALL, nil); {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return fmt.Errorf("wait for Apache's parent process: %w", err)
		case !status.Stopped():
			return errors.New("the parent process of Apache stopped")
		}
		signal := status.StopSignal()
		switch {
		case signal == syscallStop && h.namesSocket():
			drained()
			return unix.PtraceDetach(h.pid)
		case signal == giveUp && h.over.Load():
			return unix.PtraceDetach(h.pid)
		}
		if err := h.resume(signal, status>>16 == unix.PTRACE_EVENT_STOP); err != nil {
			return errors.Join(fmt.Errorf("resume Apache's parent process: %w", err), unix.PtraceDetach(h.pid))
		}
	}
}

// resume lets the parent go on, with the signal that stopped it.
func (h *hold) resume(signal unix.Signal, isEvent bool) error {
	if signal == syscallStop || isEvent {
		signal = 0
	}
	if signal == unix.SIGUSR1 && !h.reloading {
		h.reloading = true
		if err := unix.PtraceSetOptions(h.pid, unix.PTRACE_O_TRACESYSGOOD); err != nil {
			return err
		}
	}
	if h.reloading {
		return unix.PtraceSyscall(h.pid, int(signal))
	}
	return unix.PtraceCont(h.pid, int(signal))
}

// namesSocket tells whether the system call that the parent stands in has a
// daemon socket's path as one of its first two arguments, as unlink(2) and
// unlinkat(2) have.
func (h *hold) namesSocket() bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/syscall", h.pid)) // "NUMBER 0xARGUMENT 0xARGUMENT ..."
	words := strings.Fields(string(text))
	if err != nil || len(words) < 3 {
		return false
	}
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", h.pid))
	if err != nil {
		return false
	}
	defer memory.Close()
	for _, word := range words[1:3] {
		address, err := strconv.ParseInt(strings.TrimPrefix(word, "0x"), 16, 64)
		if err != nil {
			continue
		}
		for _, socket := range h.sockets {
			argument := make([]byte, len(socket)+1)
			if _, err := memory.ReadAt(argument, address); err == nil && string(argument) == socket+"\x00" {
				return true
			}
		}
	}
	return false
}
