package system

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/verbose"
)

// A Request says which Apache a command is about, and what for.
type Request struct {
	HTTPD      string   // its program; empty for the one that runs, else the first found
	ServerRoot string   // of another instance than the one that httpd is compiled for; empty for that
	State      string   // folder of what is remembered; empty for one of root's stores
	Modules    string   // folder of the modules that root keeps; empty for the usual one
	Trust      []string // accounts that may decide what root does, as --trust names them
	Release    string   // of wsgictl
	Change     bool     // something is to be changed; else it is only looked at, without the lock

	Report func(text string)                  // told what is done
	Hold   func() (release func(), err error) // keeps signals from ending the process while something is changed
}

// A RequestError is about what was asked for, and not about the host.
type RequestError struct{ Err error }

func (e *RequestError) Error() string { return e.Err.Error() }

func (e *RequestError) Unwrap() error { return e.Err }

// A Session is one command's use of an Apache. One that changes something has the
// lock, and what an interrupted command left is finished.
type Session struct {
	Manager
	Host detect.Host // with the virtualenv that Apache's mod_wsgi comes from, once it is known

	request  Request
	unlock   func()
	release  func()    // of what is made for the change; nil where nothing was
	readings *readings // of the configuration, while the Apache was looked for
}

// Open finds the Apache, and to change it finishes what an interrupted command left.
// Accounts are trusted that are named, and those that were when something was applied.
// Where there is no Apache it is [ErrNoApache]; a store of a newer wsgictl is a
// [*store.Newer].
func Open(ctx context.Context, r Request) (*Session, error) {
	s, err := find(ctx, r)
	if err != nil {
		return nil, err
	}
	current, err := s.History.Current()
	if err == nil {
		err = s.begin(ctx, append(stillKnown(current.Trusts("")), r.Trust...))
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// OpenFor is Open for what a wsgictl.toml declares, empty for [intent.DefaultFile].
// Accounts are trusted, too, that the file names, and those that were for it when it
// was applied. What is wrong with the file is a [*RequestError].
func OpenFor(ctx context.Context, r Request, file string) (*Session, intent.Declared, error) {
	d, refused := intent.Read(file, r.Trust)
	if refused != nil && !errors.As(refused, new(*trust.Untrusted)) {
		return nil, d, &RequestError{refused}
	}
	s, err := find(ctx, r)
	if err != nil {
		return nil, d, err
	}
	if err = s.beginFor(ctx, file, &d, refused); err != nil {
		s.Close()
		return nil, d, err
	}
	verbose.File(ctx, "declaration", d.Path)
	return s, d, nil
}

// Close gives the lock back.
func (s *Session) Close() { s.unlock() }

// find finds the Apache and what is remembered of it, and takes the lock to change
// it. No Python is started, and nothing of anybody's project is looked at.
func find(ctx context.Context, r Request) (*Session, error) {
	s := &Session{request: r, unlock: func() {}, readings: &readings{all: map[string]reading{}}}
	var err error
	s.Host, err = detect.Detect(ctx, detect.Request{HTTPD: r.HTTPD, ServerRoot: r.ServerRoot, ServerOnly: true, Read: s.readings.read})
	if err != nil {
		return nil, err
	}
	if s.Host.Apache == nil {
		return nil, ErrNoApache
	}
	state := r.State
	if state == "" {
		state = store.PlaceOfRoot(s.Host.Apache.ServerRoot)
	}
	history, err := OpenHistory(state, r.Release, nil)
	if err != nil {
		return nil, onlyRoot(err)
	}
	s.Manager = Manager{History: history, Limit: 30 * time.Second, Report: r.Report}
	if r.Change {
		s.unlock, err = history.Lock(ctx, func(holder string) { r.Report("waiting for the lock, " + holder) })
	}
	if err != nil {
		return nil, onlyRoot(err)
	}
	return s, nil
}

func onlyRoot(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w; only root can change the system's Apache: run it with sudo", err)
	}
	return err
}

// beginFor is begin for a declaration, which is read again where it counts only by
// accounts that are remembered.
func (s *Session) beginFor(ctx context.Context, file string, d *intent.Declared, refused error) error {
	current, err := s.History.Current()
	if err != nil {
		return err
	}
	known := current.KnownAs(d.Path)
	remembered := stillKnown(current.Trusts(known))
	if refused != nil {
		if *d, err = intent.Read(file, append(d.Trust, remembered...)); err != nil {
			return &RequestError{err}
		}
	}
	d.Path = known
	d.Trust = append(d.Trust, remembered...)
	return s.begin(ctx, append(stillKnown(current.Trusts("")), d.Trust...))
}

// begin finishes what an interrupted command left, where something is to be changed,
// and has the configuration read once for all that follows.
func (s *Session) begin(ctx context.Context, trusted []string) (err error) {
	if s.Apache, err = New(s.Host, trusted...); err != nil {
		return err
	}
	if !s.request.Change {
		s.Live = s.readings.of(s.Apache)
		return nil
	}
	if err := s.finish(ctx); err != nil {
		return err
	}
	s.Live, err = s.Read() // others may have changed it before the lock was had
	return err
}

// finish finishes what a command that was killed left, the change first. A signal
// does not keep it from that.
func (s *Session) finish(ctx context.Context) error {
	release, err := s.request.Hold()
	if err != nil {
		return err
	}
	defer release()
	done, err := s.Recover(context.WithoutCancel(ctx))
	if err != nil {
		return err
	}
	if done != "" {
		s.Report(done)
	}
	undone, err := s.History.UndoUnfinished(ctx)
	if undone != "" {
		s.Report("undid what an interrupted command had made: " + undone)
	}
	if err != nil {
		s.Report(err.Error()) // it stays, and is no obstacle
	}
	return nil
}

// stillKnown are those of the names of accounts that were trusted once that are
// accounts still.
func stillKnown(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		_, err := trust.UIDOf(name)
		return err != nil
	})
}

// readings are configurations that were read, by the file in which each begins.
type readings struct {
	mutex sync.Mutex
	all   map[string]reading
}

type reading struct {
	config      *conf.Config
	environment map[string]string
}

// read reads a configuration, and keeps it.
func (r *readings) read(file string, options conf.Options) (*conf.Config, error) {
	options.Unchecked = false
	config, err := readWith(file, options)
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if err == nil {
		r.all[file] = reading{config, options.Environment}
	}
	return config, err
}

// of is the configuration of an Apache; nil where it was read with other variables
// than those that are trusted.
func (r *readings) of(a *Apache) *conf.Config {
	read := r.all[a.ConfigFile]
	if !maps.Equal(read.environment, a.environment) {
		return nil
	}
	return read.config
}
