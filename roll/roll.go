package roll

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"syscall"
	"time"

	"github.com/wsgictl/wsgictl/httpd/installed"
)

// A Roll replaces all processes of a group.
type Roll struct {
	Server   installed.Process // Apache's parent process
	Group    Group
	Parallel int                // processes that are replaced at a time; 0 is one
	Limit    time.Duration      // what a new process has for loading its applications
	Tell     func(done, of int) // called as processes are replaced; may be nil

	// Spare are processes that stay as they are. With them there may be none to replace.
	Spare []Loaded

	account string // by which the processes run
}

// Errors of [Roll.Run] that tell what the configuration lacks, before anything is done.
var (
	ErrNoName  = errors.New("its processes cannot be told from others, since WSGIDaemonProcess has no display-name=%{GROUP}")
	ErrNoSign  = errors.New("a new process would take requests while it still loads the application, since nothing says when it is ready")
	ErrAlone   = errors.New("it has one process, so that requests wait while a new one loads the application")
	ErrNoneRun = errors.New("no process with its title runs")
	ErrShared  = errors.New("its processes cannot be told from those of another group, since both show the same title; a title is cut off at the length of the command line of Apache")
)

// A NotReady is a new process that does not take requests. All that was not replaced
// before serves on.
type NotReady struct {
	PID    int
	Failed bool     // it said so; otherwise the limit passed
	Log    []string // what the error log says of the process, at its end
}

func (e *NotReady) Error() string {
	if e.Failed {
		return fmt.Sprintf("the new process %d says that its application does not work", e.PID)
	}
	return fmt.Sprintf("the new process %d did not load the application in time", e.PID)
}

// pause is how long it takes to see a change.
const pause = 50 * time.Millisecond

// Run replaces the processes that run now. On an error some of them were replaced.
func (r Roll) Run(ctx context.Context) error {
	r.Parallel = max(r.Parallel, 1)
	old, err := r.begin(ctx)
	if err != nil {
		return err
	}
	r.account = old[0].account
	want := len(old)
	old = slices.DeleteFunc(old, r.spares)
	slices.SortFunc(old, byRank(r.Group))
	done := 0
	r.tell(done, len(old))
	for some := range slices.Chunk(old, r.Parallel) {
		if err := r.replace(ctx, some, old[done+len(some):], want); err != nil {
			return err
		}
		done += len(some)
		r.tell(done, len(old))
	}
	return nil
}

func (r Roll) spares(p process) bool {
	return slices.Contains(r.Spare, loaded(p))
}

func (r Roll) tell(done, of int) {
	if r.Tell != nil {
		r.Tell(done, of)
	}
}

// Check refuses what requests would wait for, and changes nothing.
func (r Roll) Check(ctx context.Context) error {
	_, err := r.begin(ctx)
	return err
}

// begin gives the processes that are to be replaced, of which there is one at least.
func (r Roll) begin(ctx context.Context) ([]process, error) {
	switch g := r.Group; {
	case g.Title == "":
		return nil, ErrNoName
	case g.Serves && g.Signs == 0:
		return nil, ErrNoSign
	case g.Serves && g.Processes == 1:
		return nil, ErrAlone
	case g.Serves && r.Parallel >= g.Processes:
		return nil, fmt.Errorf("%d processes at a time are all that there are: nobody would be left for requests", r.Parallel)
	}
	old, err := r.all(ctx)
	switch {
	case err != nil:
		return nil, err
	case r.Group.sharesTitle(old):
		return nil, ErrShared
	case slices.ContainsFunc(old, func(p process) bool { return p.account != old[0].account }):
		return nil, fmt.Errorf("processes with its title %s run by several accounts, as where one has given itself the title of another", r.Group.Title)
	}
	return old, nil
}

// starting is how long processes are waited for that the group is to have: Apache was
// started a moment ago, or has yet to start another one in the place of one that exited.
const starting = 5 * time.Second

// all are the processes of the group, of which there is one at least.
func (r Roll) all(ctx context.Context) ([]process, error) {
	for begun := time.Now(); ; {
		found := r.Group.processes(r.Server)
		switch {
		case len(found) >= r.Group.Processes || len(found) > 0 && time.Since(begun) > starting:
			return found, nil
		case time.Since(begun) > starting || !r.Server.IsRunning():
			return nil, ErrNoneRun
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
	}
}

// replace ends some processes and waits until the group has as many as before that are
// ready; left are those that are to be replaced after them.
func (r Roll) replace(ctx context.Context, some, left []process, want int) error {
	for _, p := range some {
		if err := r.end(p); err != nil {
			return err
		}
	}
	told := time.Now()
	var gone time.Time // when the last of them was
	for {
		now := slices.DeleteFunc(r.Group.processes(r.Server), func(p process) bool { return p.account != r.account })
		fresh := without(now, left)
		running := among(fresh, some)
		if len(running) == 0 && gone.IsZero() {
			gone = time.Now()
		}
		switch done, err := r.judge(without(fresh, some), want-len(left), gone); {
		case err != nil:
			return err
		case done && len(running) == 0:
			return nil
		}
		if err := r.kill(running, time.Since(told)); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// judge tells whether as many new processes as are wanted are ready. It is an error
// where one will not be; gone is when those were gone that they stand for.
func (r Roll) judge(fresh []process, want int, gone time.Time) (done bool, err error) {
	var waiting process
	readies := 0
	for _, p := range fresh {
		switch {
		case p.failed:
			return false, &NotReady{PID: p.PID, Failed: true, Log: r.Group.said(p.PID)}
		case p.isReady(r.Group):
			readies++
		default:
			waiting = p
		}
	}
	switch {
	case readies >= want:
		return true, nil
	case !r.Server.IsRunning():
		return false, errors.New("the server was stopped meanwhile")
	case gone.IsZero() || time.Since(gone) < r.Limit:
		return false, nil
	case waiting.PID == 0:
		return false, fmt.Errorf("no new process with the title of the group runs after %v; the error log of Apache says why", r.Limit)
	}
	return false, &NotReady{PID: waiting.PID, Log: r.Group.said(waiting.PID)}
}

// end has a process finish its requests and end. One that takes none has no mod_wsgi yet
// that would wait for the signal.
func (r Roll) end(p process) error {
	signal := syscall.SIGUSR1
	if p.waits {
		signal = syscall.SIGTERM
	}
	return r.send(p, signal)
}

// slack is what a process takes beyond the times of its options.
const slack = 5 * time.Second

// kill ends those that did not end by themselves in time: mod_wsgi would have done so,
// unless they were still loading an application.
func (r Roll) kill(running []process, since time.Duration) error {
	for _, p := range running {
		limit := r.Group.Ending + slack
		if p.waits {
			limit = slack
		}
		switch {
		case since > limit+slack:
			return fmt.Errorf("process %d does not end, although it was killed; the kernel keeps it", p.PID)
		case since > limit:
			if err := r.send(p, syscall.SIGKILL); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r Roll) send(p process, signal syscall.Signal) error {
	err := p.Signal(signal)
	switch {
	case errors.Is(err, os.ErrProcessDone):
		return nil // it was replaced by somebody else
	case errors.Is(err, os.ErrPermission):
		return fmt.Errorf("process %d: this account may not end it; run the command as root, or as the account that Apache was started by", p.PID)
	case err != nil:
		return fmt.Errorf("end process %d: %w", p.PID, err)
	}
	return nil
}

// without leaves out of some processes those that are among others.
func without(all, others []process) []process {
	return slices.DeleteFunc(slices.Clone(all), func(p process) bool { return slices.ContainsFunc(others, p.is) })
}

// among are those of some processes that are among others.
func among(all, others []process) []process {
	return slices.DeleteFunc(slices.Clone(all), func(p process) bool { return !slices.ContainsFunc(others, p.is) })
}
