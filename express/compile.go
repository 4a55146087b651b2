package express

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/verbose"
)

// libraryName is the folder of the Python that handler.wsgi runs on, in the server root.
const libraryName = "python/wsgictl_express"

// A library is the Python that handler.wsgi runs on.
type library struct {
	folder string
	python string // the interpreter to compile it with; empty for none
	series string // of it: "3.11"
}

// Compile has Python compile the library, which processes of the application
// may read and not write: each would compile it again, and be 0.3 MB larger.
// What goes wrong has no other effect than that. Root runs no Python for it that
// somebody else could change.
func (s *Setup) Compile(ctx context.Context) {
	source, err := os.Stat(filepath.Join(s.library.folder, "application.py"))
	if err != nil || s.library.python == "" || s.library.isCompiled(source.ModTime()) {
		return
	}
	command := exec.CommandContext(ctx, s.library.python, "-E", "-S", "-c", compileProgram, s.library.folder)
	command.Dir = "/" // and not in a folder of others: Python imports what lies where it is started
	trust.EndWhole(command)
	_ = verbose.Run(ctx, command)
}

// compileProgram leaves what the application's account can read, whatever the
// umask is.
const compileProgram = "import compileall, os, sys; os.umask(0o22); compileall.compile_dir(sys.argv[1], quiet=1)"

// isCompiled reports whether this Python has compiled what was written then.
// Python 2 leaves the result beside the source.
func (l library) isCompiled(written time.Time) bool {
	compiled, _ := fs.Glob(os.DirFS(l.folder), "__pycache__/application.*-"+strings.ReplaceAll(l.series, ".", "")+"*.pyc")
	for _, name := range append(compiled, "application.pyc") {
		if info, err := os.Stat(filepath.Join(l.folder, name)); err == nil && !info.ModTime().Before(written) {
			return true
		}
	}
	return false
}
