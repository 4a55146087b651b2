package express

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/verbose"
)

// Starts reports whether the server is to be started, and not only set up.
func (s *Setup) Starts() bool { return s.start }

// Noexec says what to do where nothing below the server root can be executed, as
// on a file system mounted noexec; empty elsewhere. start-server itself runs
// apachectl by its shell.
func (s *Setup) Noexec() string {
	control := filepath.Join(s.Root, "apachectl")
	if unix.Access(control, unix.X_OK) == nil {
		return ""
	}
	return fmt.Sprintf("Nothing below %s can be executed: is its file system mounted noexec? Control the server with \"%s %s start\"; "+
		"systemd and others that run apachectl by its name need another --server-root.", s.Root, detect.ShellArgument(s.shell), detect.ShellArgument(control))
}

// Start runs the server in the foreground. Without a terminal, as in a
// container or a unit of systemd, and in debug mode this process becomes
// Apache. At a terminal it waits for Apache, which then does not see the
// terminal's resizing, the signal that stops an Apache. It gives Apache's exit
// code.
func (s *Setup) Start(ctx context.Context) (int, error) {
	control := filepath.Join(s.Root, "apachectl")
	args := []string{control, "start", "-DFOREGROUND"} // by its shell: the server root may be where nothing can be executed
	verbose.Start(ctx, append([]string{s.shell}, args...)...)
	if s.debug || !term.IsTerminal(int(os.Stdout.Fd())) {
		err := syscall.Exec(s.shell, append([]string{s.shell}, args...), os.Environ())
		return 0, fmt.Errorf("start %s by %s: %w", control, s.shell, err)
	}
	return s.wait(exec.Command(s.shell, args...))
}

// wait runs Apache in a process group of its own and passes on the signals
// that are meant for it.
func (s *Setup) wait(command *exec.Cmd) (int, error) {
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGWINCH)
	defer signal.Stop(signals)
	if err := command.Start(); err != nil {
		return 0, fmt.Errorf("start Apache: %w", err)
	}
	ended := make(chan struct{})
	defer close(ended)
	go forward(signals, command.Process, ended)
	var exit *exec.ExitError
	switch err := command.Wait(); {
	case err == nil:
		return 0, nil
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		return exit.ExitCode(), nil
	case errors.As(err, &exit):
		return 128 + int(exit.Sys().(syscall.WaitStatus).Signal()), nil
	default:
		return 0, fmt.Errorf("wait for Apache: %w", err)
	}
}

// forward passes signals on until Apache has exited. One that asks it to stop is
// repeated each second, for Apache forgets it when it is just restarting.
func forward(signals <-chan os.Signal, process *os.Process, ended <-chan struct{}) {
	again := time.NewTicker(time.Second)
	defer again.Stop()
	ending := false
	for {
		select {
		case <-ended:
			return
		case caught := <-signals:
			ending = ending || caught == syscall.SIGINT || caught == syscall.SIGTERM
			if caught != syscall.SIGWINCH {
				_ = process.Signal(caught) // it may have exited
			}
		case <-again.C:
			if ending {
				_ = process.Signal(syscall.SIGTERM)
			}
		}
	}
}
