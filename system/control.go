package system

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/verbose"
)

// controlLimit is how long the control command may take. It reads the whole
// configuration; the slowest servers need seconds for that.
const controlLimit = time.Minute

// control runs the family's own control command (apachectl, apache2ctl) with
// arguments for httpd, so that httpd gets the environment that the family
// gives it; where there is no such command, httpd itself.
func (a *Apache) control(ctx context.Context, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, controlLimit)
	defer cancel()
	program := a.Control
	if program == "" {
		program = a.Path
	}
	command := exec.CommandContext(ctx, program, args...)
	command.Env = append(os.Environ(), "APACHE_CONFDIR="+a.ServerRoot, // Debian's word for an instance
		"PATH="+a.trusted.SearchPath(os.Getenv("PATH")))
	command.Dir = "/" // nothing of where the caller stands
	trust.EndWhole(command)
	// A server that is started keeps its streams open, so they are a file,
	// which nobody else needs to find.
	output, err := os.CreateTemp("", "wsgictl-control-")
	if err != nil {
		return err
	}
	defer output.Close()
	if err := os.Remove(output.Name()); err != nil {
		return err
	}
	command.Stdout, command.Stderr = output, output
	if err := verbose.Run(ctx, command); err != nil {
		text, _ := io.ReadAll(io.NewSectionReader(output, 0, 1<<16))
		return fmt.Errorf("%s %s: %s\n%s", program, strings.Join(args, " "), trust.HowEnded(ctx, err), bytes.TrimSpace(text))
	}
	return nil
}

// instance are the arguments that name this Apache's configuration.
func (a *Apache) instance() []string { return []string{"-d", a.ServerRoot, "-f", a.ConfigFile} }

// ConfigTest lets httpd check the configuration that is enabled.
func (a *Apache) ConfigTest(ctx context.Context) error {
	return a.control(ctx, append(a.instance(), "-t")...)
}

// Graceful lets the running Apache take the configuration up without dropping
// a request.
func (a *Apache) Graceful(ctx context.Context) error {
	return a.control(ctx, append(a.instance(), "-k", "graceful")...)
}

// Start starts Apache: by the control command's own word, so that systemd and
// its like know of it.
func (a *Apache) Start(ctx context.Context) error {
	a.forgetZombie()
	args := append(a.instance(), "-k", "start")
	if a.Control != "" && a.isMain() {
		args = []string{"start"}
	}
	if err := a.control(ctx, args...); err != nil {
		return err
	}
	return a.await(ctx, func() bool { return a.RunningPID() != 0 }, "start")
}

// forgetZombie removes the pid file of an Apache that was killed and whose number
// is not free yet: httpd would say that it runs already, and not start.
func (a *Apache) forgetZombie() {
	_, err := a.Process()
	if none := (*installed.NotRunning)(nil); !errors.As(err, &none) || !none.Ended {
		return
	}
	_ = store.Remove(a.PIDFile) // where it stays, httpd itself says why it does not start
}

// Stop stops Apache and waits until it is gone, which is after it has removed its
// pid file: until then it has its ports. It needs no configuration that httpd
// accepts.
func (a *Apache) Stop(ctx context.Context) error {
	process, err := a.Process()
	gone := a.watchParent()
	if a.Control != "" && a.isMain() {
		if err := a.control(ctx, "stop"); err != nil {
			return err
		}
	} else if err == nil {
		if err := process.Signal(syscall.SIGTERM); err != nil {
			return fmt.Errorf("stop Apache: %w", err)
		}
	}
	return a.await(ctx, gone, "stop")
}

// isMain tells the one Apache that the control command is for without further
// words from other instances.
func (a *Apache) isMain() bool { return !a.Instance }

// await waits until something is so.
func (a *Apache) await(ctx context.Context, is func() bool, what string) error {
	ctx, cancel := context.WithTimeout(ctx, controlLimit)
	defer cancel()
	for !is() {
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.Canceled) {
				return fmt.Errorf("%s Apache: this command was stopped before that was done", what)
			}
			return fmt.Errorf("%s Apache: it was told to, and has not done so after %v; its error log may say why%s", what, controlLimit, lastLines([]string{a.errorLog()}))
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

// Process is the parent process of the running Apache; the error says why none is
// known to be.
func (a *Apache) Process() (installed.Process, error) {
	return installed.Instance{
		Program: a.Path, ServerRoot: a.ServerRoot, ConfigFile: a.ConfigFile, PIDFile: a.PIDFile, Trusted: a.trusted,
	}.Process()
}

// RunningPID is the process id of the running Apache; 0 when it does not run.
func (a *Apache) RunningPID() int {
	process, _ := a.Process() // without one it is 0
	return process.PID
}
