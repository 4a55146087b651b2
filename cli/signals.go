package cli

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// signals are what INT, TERM and HUP do to a command: the first one cancels its
// context, and with it what the command has started. Then the process exits by
// that signal, when the command has returned, and at the latest when
// graceTime is over, whatever the command does: it may be reading a pipe to
// which nobody writes. While a command holds what it is changing, the process
// waits until that is changed or put back.
type signals struct {
	caught  chan os.Signal
	ignored bool // INT was, by a shell that started wsgictl in the background
	cancel  context.CancelFunc
	tell    func(text string)

	mutex   sync.Mutex // whoever has it may exit; nothing is begun or put back meanwhile
	first   syscall.Signal
	grace   *time.Timer // since the first signal, or since the last hold was over
	held    bool        // at some time
	holding int         // now, of which
	firm    int         // a second signal ends none
}

// graceTime is enough to kill what a command has started, and to remove its
// scratch files. With it a command exits within a second.
const graceTime = 800 * time.Millisecond

// A changing command puts back what it has begun to change when a signal ends
// it. All others change nothing, or one file as a whole, and hold nothing.
type changing interface {
	// resumable tells whether the next wsgictl finishes or undoes what this
	// one began: then a second signal stops it at once, as SIGKILL may.
	resumable() bool
}

// catchSignals gives the context that the first signal ends.
func catchSignals(tell func(text string)) (context.Context, *signals) {
	ctx, cancel := context.WithCancel(context.Background())
	s := &signals{caught: make(chan os.Signal, 2), ignored: signal.Ignored(syscall.SIGINT), cancel: cancel, tell: tell}
	signal.Notify(s.caught, syscall.SIGINT, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // by nohup
		signal.Notify(s.caught, syscall.SIGHUP)
	}
	go s.watch()
	return ctx, s
}

func (s *signals) watch() {
	for caught := range s.caught {
		if first, _ := s.came(); first == 0 {
			s.begin(caught.(syscall.Signal))
		} else {
			s.exitUnless(func() bool { return s.firm > 0 })
		}
	}
}

// begin is what the first signal does.
func (s *signals) begin(first syscall.Signal) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.first = first
	s.grace = time.AfterFunc(graceTime, func() { s.exitUnless(func() bool { return s.holding > 0 }) })
	s.cancel()
	if s.holding > 0 && s.firm == 0 {
		go s.tell("what was begun is finished or put back; a second signal leaves that to the next wsgictl command") // which may have to wait for a reader
	}
}

// came is the first signal, 0 for none, and whether the command has held
// anything.
func (s *signals) came() (first syscall.Signal, held bool) {
	if s == nil {
		return 0, false
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.first, s.held
}

// hold keeps signals from ending the process until release: something is
// changed, and put back where that fails. After a signal nothing more is begun.
func (s *signals) hold(command changing) (release func(), err error) {
	if s == nil {
		return func() {}, nil
	}
	firm := 0
	if !command.resumable() {
		firm = 1
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.first != 0 && s.holding == 0 {
		return nil, errStopped
	}
	s.held, s.holding, s.firm = true, s.holding+1, s.firm+firm
	return func() {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		s.holding, s.firm = s.holding-1, s.firm-firm
		if s.first != 0 {
			s.grace.Reset(graceTime)
		}
	}, nil
}

func (s *signals) exitUnless(busy func() bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if !busy() {
		os.Exit(s.raise())
	}
}

// raise stops the process by the first signal's default action, so that a shell
// knows that it was the signal. Where that action does nothing, to the first
// process of a container or because the signal was ignored, it gives the exit
// code that stands for it.
func (s *signals) raise() (code int) {
	if os.Getpid() != 1 && (s.first != syscall.SIGINT || !s.ignored) {
		signal.Reset(s.first)
		if err := syscall.Kill(os.Getpid(), s.first); err == nil {
			time.Sleep(time.Second) // it is on its way
		}
	}
	return 128 + int(s.first)
}
