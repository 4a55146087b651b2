package trust

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/wsgictl/wsgictl/verbose"
)

// A Job is a program that is run as the account that it belongs to.
type Job struct {
	Program     string        `json:"program"` // absolute path
	Args        []string      `json:"args"`
	Dir         string        `json:"dir,omitempty"`         // "/" when empty
	Environment []string      `json:"environment,omitempty"` // beside PATH, HOME, USER, LOGNAME and the C locale
	Limit       time.Duration `json:"-"`                     // how long it may take; jobLimit when 0

	// Own says that it is what its owner would do himself, such as to install packages: it
	// may take as much memory and processor time and make as large files as he may, and
	// others can read what it makes.
	Own    bool      `json:"own,omitempty"`
	Input  io.Reader `json:"-"` // what it reads; nothing when nil
	Output io.Writer `json:"-"` // where it writes, its complaints too, in the place of an answer; nil for an answer

	HasInput bool `json:"has_input,omitempty"` // set by Run
}

const (
	jobLimit    = 10 * time.Second
	answerLimit = 4 << 20  // bytes of stdout
	complaints  = 64 << 10 // bytes of stderr
)

// Run runs the program in a child of this one that has given up root for good:
// the account's user, group and groups, no capability and no way to gain one, a
// session without a terminal, a clean environment, limits of memory, processor
// time and files. It gives what the program wrote to stdout, also with an error;
// more than a few megabytes are one. Only root can run a job; root's own are not
// run this way.
func (account Account) Run(ctx context.Context, job Job) ([]byte, error) {
	if account.UID == 0 || len(account.Groups) == 0 {
		return nil, fmt.Errorf("run %s: it is root's own, and needs no other account", job.Program)
	}
	limit := job.Limit
	if limit == 0 {
		limit = jobLimit
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	feed, err := job.feed()
	if err != nil {
		return nil, err
	}
	defer feed.end()
	job.HasInput = feed.read != nil
	command, err := account.command(ctx, job)
	if err != nil {
		return nil, err
	}
	answer, complaint := &bounded{limit: answerLimit}, &bounded{limit: complaints, drop: true}
	command.Stdout, command.Stderr = answer, complaint
	if job.Output != nil {
		command.Stdout, command.Stderr = job.Output, job.Output
	}
	if job.HasInput {
		command.ExtraFiles = []*os.File{feed.read} // the order has stdin
	}
	err = verbose.RunAs(ctx, account.String(), append([]string{job.Program}, job.Args...), command)
	switch {
	case answer.full:
		err = fmt.Errorf("run %s as %s: it answered with more than %s", job.Program, account, sizeName(answerLimit))
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		err = fmt.Errorf("run %s as %s: no answer within %s", job.Program, account, limit)
	case err != nil:
		err = fmt.Errorf("run %s as %s: %w%s", job.Program, account, HowEnded(ctx, err), lastLine(complaint.text.String()))
	}
	return answer.text.Bytes(), err
}

// command is this program, told by its name to become the account: see Become.
func (account Account) command(ctx context.Context, job Job) (*exec.Cmd, error) {
	self, err := OwnProgram()
	if err != nil {
		return nil, fmt.Errorf("run %s as %s: find wsgictl itself: %w", job.Program, account, err)
	}
	order, err := json.Marshal(order{account, job})
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, self)
	command.Args[0] = childName
	command.Stdin = bytes.NewReader(order)
	command.Env = []string{} // of root's, not even for a moment
	command.Dir = "/"
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	EndWhole(command)
	return command, nil
}

// bounded keeps what is written up to a limit. Beyond it, writing is an error,
// which ends the program, or the rest is dropped.
type bounded struct {
	text  bytes.Buffer
	limit int
	drop  bool
	full  bool
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.text.Len()+len(p) <= b.limit {
		return b.text.Write(p)
	}
	if b.drop {
		b.text.Write(p[:b.limit-b.text.Len()])
		return len(p), nil
	}
	b.full = true
	return 0, errors.New("too much")
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if lines[len(lines)-1] == "" {
		return ""
	}
	return ": " + lines[len(lines)-1]
}
