package trust

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// EndWhole has a command killed with all that it started when its context
// ends: shims of Pythons, control scripts of Apache and drivers of compilers
// start others. The command gets a process group of its own for that, and so
// is not reached by a terminal's Ctrl-C, which is for this program. What has
// left that group and keeps the command's output open is waited for ten seconds:
// on a busy machine the output of a command that has ended may come late.
func EndWhole(command *exec.Cmd) {
	if command.SysProcAttr == nil {
		command.SysProcAttr = &syscall.SysProcAttr{}
	}
	command.SysProcAttr.Setpgid = !command.SysProcAttr.Setsid // a session's leader has a group already
	command.WaitDelay = 10 * time.Second
	command.Cancel = func() error {
		err := syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
		if errors.Is(err, syscall.ESRCH) {
			return os.ErrProcessDone
		}
		return err
	}
}
