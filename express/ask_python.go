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

// askPython runs a program of ours with the application's Python, and reads the
// JSON in the last line that it prints; what is imported may print too. An error
// holds what Python said.
func (p *planner) askPython(ctx context.Context, dir string, env []string, answer any, words ...string) error {
	if err := p.checkPythonReadable(); err != nil {
		return err
	}
	run := p.runPython
	if p.caller.UID == 0 && os.Getuid() == 0 {
		run = p.runPythonOfOthers
	}
	output, err := run(ctx, dir, env, words)
	if err != nil {
		return err
	}
	text := bytes.TrimRight(output, "\n")
	if err := json.Unmarshal(text[bytes.LastIndexByte(text, '\n')+1:], answer); err != nil {
		return fmt.Errorf("%s: the answer is not JSON: %w", p.software.python, err)
	}
	return nil
}

func (p *planner) runPython(ctx context.Context, dir string, env, words []string) ([]byte, error) {
	command := exec.CommandContext(ctx, p.software.python, words...)
	command.Dir = dir
	command.Env = append(os.Environ(), env...)
	trust.EndWhole(command)
	var output, messages bytes.Buffer
	command.Stdout, command.Stderr = &output, &messages
	if err := verbose.Run(ctx, command); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", p.software.python, trust.HowEnded(ctx, err), strings.TrimSpace(messages.String()))
	}
	return output.Bytes(), nil
}

// askLimit is how long root waits for the application's settings to be read:
// those of large projects take seconds.
const askLimit = time.Minute

// runPythonOfOthers is runPython for root: in a child that has given up root.
func (p *planner) runPythonOfOthers(ctx context.Context, dir string, env, words []string) ([]byte, error) {
	who, foreign, err := p.reader(dir)
	if err != nil {
		return nil, err
	}
	if !foreign {
		env = append(env, os.Environ()...)
	}
	return who.Run(ctx, trust.Job{Program: p.software.python, Args: words, Dir: dir, Environment: env, Limit: askLimit})
}

// reader is whom root starts a Python of the application as: the one account
// that can change what it reads, or, where all is root's own, the one that the
// application will run as, with the same variables.
func (p *planner) reader(dir string) (who trust.Account, foreign bool, err error) {
	way, err := p.wayOfPython(dir)
	if err != nil {
		return trust.Account{}, false, err
	}
	who, foreign, err = way.Owner()
	switch {
	case err != nil:
		return who, foreign, &notStarted{p.software.python, err}
	case !foreign:
		who = p.account.worker()
	}
	return who, foreign, nil
}

// wayOfPython is all that the application's Python reads, as one way: who can
// change a part of it decides what it does.
func (p *planner) wayOfPython(dir string) (trust.Way, error) {
	all := trust.Way{Path: dir}
	paths := append([]string{dir, p.software.python, p.software.stdlib}, p.pythonPaths()...)
	if p.software.venv != nil {
		paths = append(paths, p.software.venv.Path, filepath.Join(p.software.venv.Path, "pyvenv.cfg"), p.software.venv.SitePackages)
	}
	for _, path := range paths {
		way, err := trust.Look(path)
		if err != nil && path == p.software.python {
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
