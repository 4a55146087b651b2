package hostfiles

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/verbose"
)

// commandLimit is how long one external command may take. The slowest that
// is run here needs some 50 ms; a hanging one (a shim on a dead network mount)
// must not hang the report.
const commandLimit = 5 * time.Second

// Output runs a program in the C locale, without input, and gives what it
// wrote to stdout. Where the program fails, the output comes with the error,
// since httpd prints useful lines before it gives up.
func (r Root) Output(ctx context.Context, program string, args ...string) (string, error) {
	return r.outputWithin(ctx, commandLimit, program, args...)
}

func (r Root) outputWithin(ctx context.Context, limit time.Duration, program string, args ...string) (string, error) {
	path, err := filepath.Abs(r.At(program)) // of a recorded tree it may be a relative one
	if err != nil {
		return "", err
	}
	owner, foreign, err := r.foreignOwner(path)
	switch {
	case err != nil:
		return "", fmt.Errorf("not started: %w", err)
	case foreign:
		answer, err := owner.Run(ctx, trust.Job{Program: path, Args: args, Limit: limit})
		return string(answer), err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.Dir = "/" // Python imports what lies in the folder in which it is started
	trust.EndWhole(cmd)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = verbose.Run(ctx, cmd)
	switch {
	case err == nil:
		return stdout.String(), nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		err = fmt.Errorf("no answer within %s", limit)
	case stderr.Len() > 0:
		err = fmt.Errorf("%w: %s", trust.HowEnded(ctx, err), lastLine(stderr.String()))
	default:
		err = trust.HowEnded(ctx, err)
	}
	return stdout.String(), fmt.Errorf("%s: %w", commandLine(program, args), err)
}

// foreignOwner is the account that can exchange a program which root would
// start: the owner of a virtualenv, for one. It is then started as theirs. The
// error says that there are several, or that nobody can say: it is started as
// nobody's. What is not there when it is looked at may be when it is started.
func (r Root) foreignOwner(program string) (owner trust.Account, foreign bool, err error) {
	if !r.IsHere() || os.Geteuid() != 0 {
		return trust.Account{}, false, nil
	}
	way, err := trust.Look(program)
	if err != nil {
		return trust.Account{}, false, err
	}
	return way.Owner()
}

// commandLine shows a command in an error, without a whole script in it.
func commandLine(program string, args []string) string {
	words := []string{program}
	for _, arg := range args {
		if strings.Contains(arg, "\n") {
			arg = "..."
		}
		words = append(words, arg)
	}
	return strings.Join(words, " ")
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
