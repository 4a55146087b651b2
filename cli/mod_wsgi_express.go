package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/installer"
)

// programName is the name under which wsgictl was started.
func programName(program string) string {
	if filepath.Base(program) == express.Name {
		return express.Name
	}
	return "wsgictl"
}

// executeAs executes a command line under the name that wsgictl was called by.
func executeAs(ctx context.Context, program string, args []string, s *streams) int {
	if s.program != express.Name {
		return execute(ctx, args, s)
	}
	return s.end(runExpress(ctx, program, args, s))
}

const expressUsage = `Usage: mod_wsgi-express COMMAND [ENTRY-POINT] [OPTION ...]

Commands:
  install-module   Copy the module into Apache's modules folder.
  module-config    Print the lines with which Apache loads the module.
  module-location  Print the path of the module.
  setup-server     Write a server root: one Apache that serves one application.
  start-server     The same, and run it in the foreground.

This is wsgictl under another name; "wsgictl --help" lists all that it can do.
`

func runExpress(ctx context.Context, program string, args []string, s *streams) error {
	if len(args) == 0 {
		fmt.Fprint(s.stderr, expressUsage)
		return usageError{errors.New("no command was given")}
	}
	venv := detect.VirtualenvOf(program)
	command, rest := args[0], args[1:]
	if isHelp(command) || len(rest) > 0 && isHelp(rest[0]) && !strings.HasSuffix(command, "-server") {
		_, err := io.WriteString(s.stdout, expressUsage)
		return err
	}
	if venv != "" && strings.HasSuffix(command, "-server") {
		rest = append([]string{"--venv", venv}, rest...)
	}
	switch command {
	case "setup-server":
		return serverRoot{command, rest}.write(ctx, s)
	case "start-server":
		return serverRoot{command, rest}.start(ctx, s)
	case "module-config", "module-location", "install-module":
		return runModuleCommand(ctx, command, rest, venv, s)
	default:
		fmt.Fprint(s.stderr, expressUsage)
		return usageError{fmt.Errorf("no such command: %s", command)}
	}
}

// isHelp reports whether a word asks for help; --help may be shortened.
func isHelp(word string) bool {
	return word == "-h" || len(word) > len("--") && strings.HasPrefix("--help", word)
}

// runModuleCommand runs one of the commands that take no options but
// install-module's --modules-directory.
func runModuleCommand(ctx context.Context, command string, args []string, venv string, s *streams) error {
	directory, err := modulesDirectory(command, args)
	if err != nil {
		return err
	}
	find := func() (installer.Installed, error) { return installer.FindInstalled(venv) }
	if command == "install-module" {
		find = func() (installer.Installed, error) { return installer.CopyInstalled(ctx, venv, directory) }
	}
	module, err := find()
	switch {
	case err != nil:
		return err
	case command == "module-location":
		return printLocation(s, module)
	}
	return printModule(s, module)
}

func modulesDirectory(command string, args []string) (string, error) {
	if len(args) == 0 {
		return "", nil
	}
	name, value, inline := strings.Cut(args[0], "=")
	switch {
	case command != "install-module" || len(name) <= len("--") || !strings.HasPrefix("--modules-directory", name):
		return "", usageError{fmt.Errorf("%s: unexpected %s", command, args[0])}
	case inline && len(args) == 1:
		return value, nil
	case !inline && len(args) == 2:
		return args[1], nil
	}
	return "", usageError{fmt.Errorf("%s: --modules-directory needs one folder", command)}
}
