package installed

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/verbose"
)

// A Server is an Apache of this host that is told what to do, by its family's own
// control command (apachectl, apache2ctl): httpd gets the environment that the family
// gives it. Where there is no such command, it is httpd itself.
type Server struct {
	apache  Apache
	trusted trust.Trustees
}

// NewServer controls an Apache. Those who are trusted may change the programs that its
// control command starts, and its pid file.
func NewServer(a Apache, trusted trust.Trustees) Server { return Server{a, trusted} }

// controlLimit is how long the control command may take, and what it is to bring about.
// It reads the whole configuration; the slowest servers need seconds for that.
const controlLimit = time.Minute

// NotDone is about what Apache was told to do, and has not done in time.
type NotDone struct{ What string } // "start", "stop"

func (e *NotDone) Error() string {
	return fmt.Sprintf("%s Apache: it was told to, and has not done so after %v", e.What, controlLimit)
}

// run runs the control command with arguments for httpd. The error has what it said.
func (s Server) run(ctx context.Context, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, controlLimit)
	defer cancel()
	program := cmp.Or(s.apache.Control, s.apache.Path)
	command := exec.CommandContext(ctx, program, args...)
	command.Env = append(os.Environ(), "APACHE_CONFDIR="+s.apache.ServerRoot, // Debian's word for an instance
		"PATH="+s.trusted.SearchPath(os.Getenv("PATH")))
	command.Dir = "/" // nothing of where the caller stands
	trust.EndWhole(command)
	// A server that is started keeps its streams open, so they are a file,
	// which nobody else needs to find.
	output, err := os.CreateTemp("", "wsgictl-control-")
	if err != nil {
		return fmt.Errorf("run %s: make a file for what it says: %w", program, err)
	}
	defer output.Close()
	if err := os.Remove(output.Name()); err != nil {
		return fmt.Errorf("run %s: %w", program, err)
	}
	command.Stdout, command.Stderr = output, output
	if err := verbose.Run(ctx, command); err != nil {
		text, _ := io.ReadAll(io.NewSectionReader(output, 0, 1<<16))
		return fmt.Errorf("%s %s: %w\n%s", program, strings.Join(args, " "), trust.HowEnded(ctx, err), bytes.TrimSpace(text))
	}
	return nil
}

// ofConfig are the arguments that name this Apache's configuration.
func (s Server) ofConfig() []string {
	return []string{"-d", s.apache.ServerRoot, "-f", s.apache.ConfigFile}
}

// ConfigTest lets httpd check the configuration that is enabled.
func (s Server) ConfigTest(ctx context.Context) error {
	return s.ConfigTestOf(ctx, s.apache.ConfigFile)
}

// ConfigTestOf lets httpd check the configuration that begins in a file.
func (s Server) ConfigTestOf(ctx context.Context, file string) error {
	return s.run(ctx, "-d", s.apache.ServerRoot, "-f", file, "-t")
}

// Graceful lets the running Apache take the configuration up without dropping
// a request.
func (s Server) Graceful(ctx context.Context) error {
	return s.run(ctx, append(s.ofConfig(), "-k", "graceful")...)
}

// HasOwnWord tells the one Apache that the control command is for without further
// words from other instances: systemd and its like know of what it is told so.
func (s Server) HasOwnWord() bool { return s.apache.Control != "" && !s.apache.Instance }

// Start starts Apache, and waits until it runs.
func (s Server) Start(ctx context.Context) error {
	s.forgetZombie()
	args := append(s.ofConfig(), "-k", "start")
	if s.HasOwnWord() {
		args = []string{"start"}
	}
	if err := s.run(ctx, args...); err != nil {
		return err
	}
	return await(ctx, func() bool { return s.RunningPID() != 0 }, "start")
}

// forgetZombie removes the pid file of an Apache that was killed and whose number
// is not free yet: httpd would say that it runs already, and not start.
func (s Server) forgetZombie() {
	_, err := s.Process()
	if none := (*NotRunning)(nil); !errors.As(err, &none) || !none.Ended {
		return
	}
	folder, err := trust.RootAndCaller().OpenRoot(filepath.Dir(s.apache.PIDFile))
	if err != nil {
		return
	}
	defer folder.Close()
	_ = folder.Remove(filepath.Base(s.apache.PIDFile)) // where it stays, httpd itself says why it does not start
}

// Stop stops Apache and waits until it is gone, which is after it has removed its
// pid file: until then it has its ports. It needs no configuration that httpd
// accepts.
func (s Server) Stop(ctx context.Context) error {
	process, err := s.Process()
	gone := s.Watch()
	switch {
	case s.HasOwnWord():
		if err := s.run(ctx, "stop"); err != nil {
			return err
		}
	case err == nil:
		if err := process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("stop Apache, process %d: %w", process.PID, err)
		}
	}
	return await(ctx, gone, "stop")
}

// await waits until something is so.
func await(ctx context.Context, is func() bool, what string) error {
	ctx, cancel := context.WithTimeout(ctx, controlLimit)
	defer cancel()
	for !is() {
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.Canceled) {
				return fmt.Errorf("%s Apache: this command was stopped before that was done", what)
			}
			return &NotDone{what}
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

// Process is the parent process of the running Apache; the error says why none is
// known to be.
func (s Server) Process() (Process, error) {
	return s.apache.Identity("", s.trusted).Process()
}

// RunningPID is the process id of the running Apache; 0 when it does not run.
func (s Server) RunningPID() int {
	process, _ := s.Process() // without one it is 0
	return process.PID
}

// Watch gives what tells whether the parent process has ended. A pid file is empty for
// a moment while Apache writes it, so that the process counts.
func (s Server) Watch() (gone func() bool) {
	process, err := s.Process()
	return func() bool { return s.RunningPID() == 0 && (err != nil || !process.IsRunning()) }
}
