package installed

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/trust"
)

// An Instance is what tells the server of one configuration from all others.
type Instance struct {
	Root       hostfiles.Root
	Program    string // the httpd; empty where any one will do
	ServerRoot string // that it is compiled with, or is given by -d
	ConfigFile string // absolute; empty where any one will do
	PIDFile    string // absolute

	// Trusted are those whose pid file is believed; root signals no process
	// that others name.
	Trusted trust.Trustees
}

// NotRunning says why no process is known to be the server.
type NotRunning struct {
	PIDFile string
	PID     int    // that the file names; 0 where it names none
	Reason  string // what is wrong with it
	Ended   bool   // the process is no more, so that the file was left behind
	Err     error  // of reading the file, if there is one
}

func (e *NotRunning) Error() string { return e.Reason }

func (e *NotRunning) Unwrap() error { return e.Err }

// Process gives the parent process of the server: the one that the pid file names,
// once it is proven to run the httpd with this configuration. The error is a
// [NotRunning] one.
func (i Instance) Process() (Process, error) {
	pid, err := i.readPID()
	if err != nil {
		return Process{}, err
	}
	p, ok := ReadProcess(i.Root, pid)
	reason, ended := "", p.IsZombie() || !ok && !(i.Root.IsHere() && exists(pid))
	switch {
	case ended:
		reason = "which is no more"
	case !ok:
		reason = "which this account may not look at"
	default:
		reason = cmp.Or(i.otherProgram(p), i.otherConfiguration(p))
	}
	if reason != "" {
		return Process{}, &NotRunning{i.PIDFile, pid, fmt.Sprintf("%s names the process %d, %s", i.PIDFile, pid, reason), ended, nil}
	}
	return p, nil
}

// pidFileLimit bounds a pid file, in bytes.
const pidFileLimit = 4096

func (i Instance) readPID() (int, error) {
	text, err := i.Trusted.ReadFile(i.Root.At(i.PIDFile), pidFileLimit)
	refused := &NotRunning{PIDFile: i.PIDFile, Err: err}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		refused.Reason = fmt.Sprintf("there is no pid file %s", i.PIDFile)
		return 0, refused
	case err != nil:
		refused.Reason = fmt.Sprintf("read the pid file: %v", err)
		return 0, refused
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || pid <= 1 {
		refused.Reason = i.PIDFile + " holds no pid"
		return 0, refused
	}
	return pid, nil
}

// Runs tells whether a process is of this instance, whatever the pid file says.
func (i Instance) Runs(p Process) bool {
	return p.Named() != "" && i.otherProgram(p) == "" && i.otherConfiguration(p) == ""
}

// otherProgram says which other program than httpd a process runs; empty where it
// runs httpd. Of a process of somebody else the caller may know no more than what
// it is called.
func (i Instance) otherProgram(p Process) string {
	switch named := p.Named(); {
	case p.Name == "": // without /proc that it is there is all there is to know
		return ""
	case p.Program == "" && !i.hasItsName(p):
		return fmt.Sprintf("whose name is %s, so that it is no httpd", p.Name)
	case named == "":
		return ""
	case i.Program == "" && !slices.Contains(ProgramNames, filepath.Base(named)):
		return fmt.Sprintf("which runs %s, so that it is no httpd", named)
	case i.Program != "" && named != i.Program && named != i.Root.Real(i.Program) && !i.Root.Same(named, i.Program):
		return fmt.Sprintf("which runs %s and not %s", named, i.Program)
	}
	return ""
}

// hasItsName tells whether a process has the name of httpd, of which the kernel
// keeps 15 characters.
func (i Instance) hasItsName(p Process) bool {
	names := append([]string{filepath.Base(i.Root.Real(i.Program))}, ProgramNames...)
	return slices.ContainsFunc(names, func(name string) bool { return name[:min(15, len(name))] == p.Name })
}

// otherConfiguration says with which other configuration a process was started;
// empty where that is this one, or not known.
func (i Instance) otherConfiguration(p Process) string {
	if file, given := p.configFile(i.ServerRoot); given && i.ConfigFile != "" && !i.isSame(file, i.ConfigFile) {
		return fmt.Sprintf("which was started with the configuration %s and not with %s", file, i.ConfigFile)
	}
	if root, given := p.argument("d"); given && i.ServerRoot != "" && !i.isSame(root, i.ServerRoot) {
		return fmt.Sprintf("which was started with the server root %s and not with %s", root, i.ServerRoot)
	}
	return ""
}

func (i Instance) isSame(a, b string) bool {
	return filepath.Clean(a) == filepath.Clean(b) || i.Root.Same(a, b)
}
