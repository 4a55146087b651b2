package deploy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/trust"
)

// buildLimit is how long packages may take: some are compiled.
const buildLimit = time.Hour

// build makes the virtualenv of a release, with the packages that it needs, as the owner.
func (w *work) build(ctx context.Context, dir string, with python) error {
	hasLock := isRegular(filepath.Join(dir, "uv.lock"))
	builder := w.Site.Builder
	if builder == "" {
		builder = map[bool]string{true: "uv", false: "pip"}[hasLock]
	}
	files, hashed, err := w.requirements(dir)
	if err != nil {
		return err
	}
	var commands [][]string
	venv := filepath.Join(dir, intent.EnvironmentName)
	inside := filepath.Join(venv, "bin", "python")
	if builder == "pip" {
		commands = [][]string{{with.program, "-m", "venv", "--without-pip", venv}}
		if len(files) > 0 {
			commands = [][]string{{with.program, "-m", "venv", venv}}
			commands = append(commands, append([]string{inside, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar=off"}, install(files, hashed)...))
		}
		return w.runAll(ctx, dir, commands)
	}
	uv, err := w.findUV()
	switch {
	case err != nil:
		return err
	case hasLock && len(w.Site.Requirements) == 0:
		commands = [][]string{{uv, "sync", "--frozen", "--no-dev", "--no-editable", "--no-progress", "--python", with.program}}
	default:
		commands = [][]string{{uv, "venv", "--no-progress", "--python", with.program, venv}}
		if len(files) > 0 {
			commands = append(commands, append([]string{uv, "pip", "install", "--no-progress", "--python", inside}, install(files, hashed)...))
		}
	}
	return w.runAll(ctx, dir, commands)
}

func install(files []string, hashed bool) []string {
	var words []string
	if hashed {
		words = append(words, "--require-hashes")
	}
	for _, file := range files {
		words = append(words, "-r", file)
	}
	return words
}

// requirements are the files that are declared, or the usual one; hashed tells that one of
// them locks its packages by hashes, so that all have to be.
func (w *work) requirements(dir string) (files []string, hashed bool, err error) {
	files = w.Site.Requirements
	if len(files) == 0 && isRegular(filepath.Join(dir, "requirements.txt")) {
		files = []string{"requirements.txt"}
	}
	for _, name := range files {
		text, err := trust.ReadFile(filepath.Join(dir, name), smallFile*16)
		if err != nil {
			return nil, false, fmt.Errorf("read the requirements: %w", err)
		}
		hashed = hashed || strings.Contains(string(text), "--hash=")
	}
	return files, hashed, nil
}

// findUV looks where uv is usually installed, for its owner too: it is run as that account.
func (w *work) findUV() (string, error) {
	home := cmp.Or(w.Site.owner.account.Home, "/")
	candidates := []string{filepath.Join(home, ".local/bin/uv"), filepath.Join(home, ".cargo/bin/uv"), "/usr/local/bin/uv", "/usr/bin/uv"}
	for _, program := range candidates {
		if isRegular(program) {
			return program, nil
		}
	}
	return "", fmt.Errorf("find uv: there is no %s: install it there, or have pip install what \"uv export --output-file requirements.txt\" writes, with builder = \"pip\"", strings.Join(candidates, ", no "))
}

// runAll runs commands in a release, up to the first that fails.
func (w *work) runAll(ctx context.Context, dir string, commands [][]string) error {
	for _, words := range commands {
		if err := w.runIn(ctx, dir, words); err != nil {
			return err
		}
	}
	return nil
}

// runIn runs one command in a release as its owner.
func (w *work) runIn(ctx context.Context, dir string, words []string) error {
	venv := filepath.Join(dir, intent.EnvironmentName)
	path := filepath.Join(venv, "bin") + ":/usr/local/bin:/usr/bin:/bin"
	program, err := programIn(dir, words[0], path)
	if err != nil {
		return err
	}
	said, err := w.Site.owner.run(ctx, trust.Job{
		Program: program, Args: words[1:], Dir: dir, Limit: buildLimit,
		Environment: []string{
			"PATH=" + path, "VIRTUAL_ENV=" + venv, "UV_PROJECT_ENVIRONMENT=" + venv, "UV_PYTHON_DOWNLOADS=never",
			"LC_ALL=" + w.locale(), "WSGICTL_SITE=" + w.Site.Name, "WSGICTL_RELEASE=" + filepath.Base(dir),
		},
	})
	if err != nil {
		return &Failure{Step: strings.Join(words, " "), Log: said, Err: err}
	}
	return nil
}

// programIn finds the program of a command as a shell in the release would.
func programIn(dir, name, path string) (string, error) {
	if filepath.IsAbs(name) {
		return name, nil
	}
	if strings.Contains(name, "/") {
		return filepath.Join(dir, name), nil
	}
	for _, folder := range filepath.SplitList(path) {
		if info, err := os.Stat(filepath.Join(folder, name)); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			return filepath.Join(folder, name), nil
		}
	}
	return "", &Failure{Step: name, Err: errors.New("there is no such program in the virtualenv of the release, nor on " + path)}
}

func isRegular(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
