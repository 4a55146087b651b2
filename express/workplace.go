package express

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/verbose"
)

// A workplace is where the application's Python runs: as whom, by which interpreter,
// in which folder, and with which others to import from.
type workplace struct {
	who    identity
	python interpreter
	dir    string
	paths  []string
}

// newWorkplace has the folders of --python-path; relative ones start from the working
// folder, as in sys.path.
func newWorkplace(who identity, python interpreter, dir string, paths []string) workplace {
	w := workplace{who: who, python: python, dir: dir}
	for _, path := range paths {
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		w.paths = append(w.paths, path)
	}
	return w
}

// checkReadable refuses what the application could not read once it runs: its
// processes would exit and be started again forever, and clients would wait.
func (w workplace) checkReadable() error {
	if err := w.python.checkReadable(w.who); err != nil {
		return err
	}
	if err := w.who.checkReadable(w.dir); err != nil {
		return fmt.Errorf("working directory: %w", err)
	}
	return nil
}

// ask runs a program of ours with the application's Python, and reads the JSON in
// the last line that it prints; what is imported may print too. An error holds what
// Python said.
func (w workplace) ask(ctx context.Context, dir string, env []string, answer any, words ...string) error {
	if err := w.checkReadable(); err != nil {
		return err
	}
	run := w.run
	if w.who.isRoot() && os.Getuid() == 0 {
		run = w.runAsOther
	}
	output, err := run(ctx, dir, env, words)
	if err != nil {
		return err
	}
	text := bytes.TrimRight(output, "\n")
	if err := json.Unmarshal(text[bytes.LastIndexByte(text, '\n')+1:], answer); err != nil {
		return fmt.Errorf("%s: the answer is not JSON: %w", w.python.program, err)
	}
	return nil
}

func (w workplace) run(ctx context.Context, dir string, env, words []string) ([]byte, error) {
	command := exec.CommandContext(ctx, w.python.program, words...)
	command.Dir = dir
	command.Env = append(os.Environ(), env...)
	trust.EndWhole(command)
	var output, messages bytes.Buffer
	command.Stdout, command.Stderr = &output, &messages
	if err := verbose.Run(ctx, command); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", w.python.program, trust.HowEnded(ctx, err), strings.TrimSpace(messages.String()))
	}
	return output.Bytes(), nil
}

// askLimit is how long root waits for the application's settings to be read:
// those of large projects take seconds.
const askLimit = time.Minute

// runAsOther is run for root: in a child that has given up root.
func (w workplace) runAsOther(ctx context.Context, dir string, env, words []string) ([]byte, error) {
	who, foreign, err := w.reader(dir)
	if err != nil {
		return nil, err
	}
	if !foreign {
		env = append(env, os.Environ()...)
	}
	return who.Run(ctx, trust.Job{Program: w.python.program, Args: words, Dir: dir, Environment: env, Limit: askLimit})
}

// reader is whom root starts a Python of the application as: the one account
// that can change what it reads, or, where all is root's own, the one that the
// application will run as, with the same variables.
func (w workplace) reader(dir string) (who trust.Account, foreign bool, err error) {
	way, err := w.wayOfPython(dir)
	if err != nil {
		return trust.Account{}, false, err
	}
	who, foreign, err = way.Owner()
	switch {
	case err != nil:
		return who, foreign, &notStarted{w.python.program, err}
	case !foreign:
		who = w.who.account.worker()
	}
	return who, foreign, nil
}

// wayOfPython is all that the application's Python reads, as one way: who can
// change a part of it decides what it does.
func (w workplace) wayOfPython(dir string) (trust.Way, error) {
	all := trust.Way{Path: dir}
	paths := append([]string{dir, w.python.program, w.python.stdlib}, w.paths...)
	if w.python.venv != nil {
		paths = append(paths, w.python.venv.Path, filepath.Join(w.python.venv.Path, "pyvenv.cfg"), w.python.venv.SitePackages)
	}
	for _, path := range paths {
		way, err := trust.Look(path)
		if err != nil && path == w.python.program {
			return trust.Way{}, err
		}
		for _, hole := range way.Holes {
			if !slices.ContainsFunc(all.Holes, func(known trust.Hole) bool { return known.At == hole.At }) {
				all.Holes = append(all.Holes, hole)
			}
		}
	}
	return all, nil
}

// A notStarted error is about a Python that root starts as nobody, since several
// accounts have a say in what it does.
type notStarted struct {
	program string
	cause   error
}

func (e *notStarted) Error() string {
	return fmt.Sprintf("root starts %s as the owner of what it reads, and there are several: %v", e.program, e.cause)
}

func (e *notStarted) Unwrap() error { return e.cause }
