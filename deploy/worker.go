package deploy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/verbose"
)

// A worker is the account by which something is done: in a child that has become it,
// where this process is root's, else this process itself.
type worker struct {
	account trust.Account
	self    bool // it is who runs this process, and not root
}

// workerFor is the worker of an account.
func workerFor(account trust.Account) worker {
	return worker{account, os.Geteuid() != 0}
}

// run runs a job, and gives the end of what it has said.
func (w worker) run(ctx context.Context, job trust.Job) (said []string, err error) {
	var end tail
	job.Output, job.Own = &end, true
	if w.self {
		err = runAsSelf(ctx, job)
	} else {
		_, err = w.account.Run(ctx, job)
	}
	return end.lines(), err
}

func runAsSelf(ctx context.Context, job trust.Job) error {
	ctx, cancel := context.WithTimeout(ctx, job.Limit)
	defer cancel()
	command := exec.CommandContext(ctx, job.Program, job.Args...)
	command.Dir, command.Env = job.Dir, append(os.Environ(), job.Environment...)
	command.Stdin, command.Stdout, command.Stderr = job.Input, job.Output, job.Output
	trust.EndWhole(command)
	if err := verbose.Run(ctx, command); err != nil {
		return fmt.Errorf("run %s: %w", job.Program, trust.HowEnded(ctx, err))
	}
	return nil
}

// stepName is the first argument of this program where it does a step of a deploy as the
// account that a site's folder belongs to.
const stepName = "wsgictl: a step of a deploy"

// stepLimit is how long a step may take.
const stepLimit = 10 * time.Minute

// Become is called first by each main, and by TestMain of packages whose tests deploy, as
// [trust.Become] is. In a child that does a step it does not return.
func Become() {
	if len(os.Args) != 4 || os.Args[1] != stepName {
		return
	}
	if err := step(os.Args[2], os.Args[3], os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// step works on the folder of a release.
func step(what, dir string, input io.Reader) error {
	switch what {
	case "unpack":
		return unpack(dir, input)
	case "remove":
		return removeRelease(dir)
	}
	return fmt.Errorf("no step %q", what)
}

// removeRelease removes a folder, of which the application may have taken the rights away.
func removeRelease(dir string) error {
	err := os.RemoveAll(dir)
	if !errors.Is(err, os.ErrPermission) {
		return err
	}
	_ = filepath.WalkDir(dir, func(path string, found os.DirEntry, err error) error {
		if found != nil && found.IsDir() {
			_ = os.Chmod(path, 0o700) //nolint:gosec // it is about to be removed
		}
		return nil
	})
	return os.RemoveAll(dir)
}

// step does one as the worker.
func (w worker) step(ctx context.Context, what, dir string, input io.Reader) error {
	if w.self {
		return step(what, dir, input)
	}
	self, err := trust.OwnProgram()
	if err != nil {
		return err
	}
	said, err := w.run(ctx, trust.Job{Program: self, Args: []string{stepName, what, dir}, Input: input, Limit: stepLimit})
	if err != nil && len(said) > 0 {
		return fmt.Errorf("%s, as %s", strings.Join(said, "; "), w.account)
	}
	return err
}

// A tail is the end of what is written.
type tail struct{ text []byte }

const (
	tailSize  = 64 << 10 // bytes
	mostLines = 60
)

func (t *tail) Write(p []byte) (int, error) {
	t.text = append(t.text, p...)
	if len(t.text) > 2*tailSize {
		t.text = append([]byte(nil), t.text[len(t.text)-tailSize:]...)
	}
	return len(p), nil
}

// lines are the last ones.
func (t *tail) lines() []string {
	text := strings.TrimRight(string(bytes.ToValidUTF8(t.text, []byte("?"))), "\n")
	if text == "" {
		return nil
	}
	all := strings.Split(text, "\n")
	return all[max(0, len(all)-mostLines):]
}
