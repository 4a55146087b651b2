package system

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
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
	if err := command.Run(); err != nil {
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
	pid := pidIn(a.trusted, a.PIDFile)
	if pid == 0 || !isZombie(pid) {
		return
	}
	_ = store.Remove(a.PIDFile) // where it stays, httpd itself says why it does not start
}

// isZombie tells a process that is no more and whose parent has not asked about
// it: by the state after its name, which may hold anything (proc_pid_stat(5)).
func isZombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	at := bytes.LastIndexByte(stat, ')')
	return err == nil && at >= 0 && bytes.HasPrefix(stat[at:], []byte(") Z"))
}

// Stop stops Apache and waits until it is gone, which is after it has removed its
// pid file: until then it has its ports. It needs no configuration that httpd
// accepts.
func (a *Apache) Stop(ctx context.Context) error {
	pid, gone := a.RunningPID(), a.watchParent()
	if a.Control != "" && a.isMain() {
		if err := a.control(ctx, "stop"); err != nil {
			return err
		}
	} else if pid != 0 {
		if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
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

// RunningPID is the process id of the running Apache; 0 when it does not run.
func (a *Apache) RunningPID() int { return runningPID(a.trusted, a.PIDFile, a.Path) }

// pidFileLimit bounds a pid file, in bytes.
const pidFileLimit = 4096

// RunningPID is the process id that a pid file names; 0 when that process is
// gone, or runs another program than that httpd. To root, a file that somebody
// else can change names none.
func RunningPID(pidFile, httpd string) int {
	return runningPID(trust.Deciders(), pidFile, httpd)
}

func runningPID(trusted trust.Trustees, pidFile, httpd string) int {
	pid := pidIn(trusted, pidFile)
	if pid == 0 || !isHTTPD(pid, httpd) {
		return 0
	}
	return pid
}

// pidIn is the process id in a pid file; 0 where it has none.
func pidIn(trusted trust.Trustees, pidFile string) int {
	text, err := trusted.ReadFile(pidFile, pidFileLimit)
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || pid <= 1 {
		return 0
	}
	return pid
}

// isHTTPD tells whether a process is there and, where the system says what it
// runs, that it runs httpd: a pid file that was left behind names others.
func isHTTPD(pid int, program string) bool {
	if err := syscall.Kill(pid, 0); err != nil && !errors.Is(err, syscall.EPERM) {
		return false
	}
	running, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
	if err != nil {
		_, err := os.Stat("/proc/self/exe")
		return err != nil // without /proc the signal tells all there is to tell
	}
	running = strings.TrimSuffix(running, " (deleted)")
	resolved, err := filepath.EvalSymlinks(program)
	return running == program || err == nil && running == resolved
}
