package detect

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// commandLimit is how long one external command may take. The slowest that
// is run here needs some 50 ms; a hanging one (a shim on a dead network mount)
// must not hang the report.
const commandLimit = 5 * time.Second

// output runs a program in the C locale, without input, and gives what it
// wrote to stdout. Where the program fails, the output comes with the error,
// since httpd prints useful lines before it gives up.
func (t tree) output(ctx context.Context, program string, args ...string) (string, error) {
	return t.outputWithin(ctx, commandLimit, program, args...)
}

func (t tree) outputWithin(ctx context.Context, limit time.Duration, program string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	path, err := filepath.Abs(t.at(program)) // of a recorded tree it may be a relative one
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.Dir = "/" // Python imports what lies in the folder in which it is started
	if owner, foreign := t.foreignOwner(program); foreign {
		runAs(cmd, owner)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	}
	cmd.WaitDelay = time.Second // a grandchild may hold the pipes open
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	switch {
	case err == nil:
		return stdout.String(), nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		err = fmt.Errorf("no answer within %s", limit)
	case stderr.Len() > 0:
		err = fmt.Errorf("%w: %s", err, lastLine(stderr.String()))
	}
	return stdout.String(), fmt.Errorf("%s: %w", commandLine(program, args), err)
}

// foreignOwner is the account that a program, or a folder or link on the way to
// it, belongs to, where root would start what somebody else can exchange: the
// Python of somebody's virtualenv, for one. It is then started as theirs.
func (t tree) foreignOwner(program string) (owner account, foreign bool) {
	if t != "" || os.Geteuid() != 0 {
		return account{}, false
	}
	_ = WalkTo(program, func(_ string, info fs.FileInfo, _ bool) error { // a program that is not there is not started
		if uid := ownerOf(info); uid > 0 {
			owner, foreign = t.accountOf(uid), true
		}
		return nil
	})
	return owner, foreign
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
