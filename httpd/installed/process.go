package installed

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/hostfiles"
)

// A Process is one of the processes of a host, as it was found. Its number and
// the time at which it was started tell it from all others.
type Process struct {
	PID       int
	Parent    int    // pid of the process that started it
	Name      string // as the kernel keeps it, at most 15 characters
	Program   string // the file that it runs; empty where the caller may not know
	Arguments []string

	Started string // clock ticks since the boot, as the kernel tells (proc_pid_stat(5)); empty without /proc

	root  hostfiles.Root
	state string // "Z" is a zombie: it is no more, and its parent has not asked about it
}

// ReadProcess reads what the kernel tells of a process; false where there is none.
// On hosts without /proc only its number is known.
func ReadProcess(root hostfiles.Root, pid int) (Process, bool) {
	p, ok := readState(root, pid)
	if ok {
		p.readProgram()
	}
	return p, ok
}

// readState reads who a process is.
func readState(root hostfiles.Root, pid int) (Process, bool) {
	p := Process{PID: pid, root: root}
	text, err := root.Read(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return p, !hasProc(root) && root.IsHere() && exists(pid)
	}
	name, fields, is := parseStat(text)
	if !is {
		return Process{}, false
	}
	p.Name, p.state = name, fields[statState]
	p.Parent, _ = strconv.Atoi(fields[statParent])
	if len(fields) > statStarted {
		p.Started = fields[statStarted]
	}
	return p, true
}

// Fields of /proc/PID/stat behind the name of the process.
const (
	statState   = 0
	statParent  = 1
	statUser    = 11
	statSystem  = 12
	statThreads = 17
	statStarted = 19
	statRSS     = 21
)

// parseStat parses /proc/PID/stat: "pid (name) state parent ...".
func parseStat(text string) (name string, fields []string, is bool) {
	open, end := strings.IndexByte(text, '('), strings.LastIndexByte(text, ')') // the name may hold anything
	if open < 0 || end < open {
		return "", nil, false
	}
	fields = strings.Fields(text[end+1:])
	return text[open+1 : end], fields, len(fields) > statParent
}

// hasProc tells whether the kernel shows processes as files.
func hasProc(root hostfiles.Root) bool { return root.IsDir("/proc/self") }

func (p *Process) readProgram() {
	dir := "/proc/" + strconv.Itoa(p.PID)
	if program, err := os.Readlink(p.root.At(dir + "/exe")); err == nil {
		p.Program = strings.TrimSuffix(program, " (deleted)") // upgraded while it runs
	}
	text, _ := p.root.Read(dir + "/cmdline")
	p.Arguments = strings.Split(strings.TrimRight(text, "\x00"), "\x00")
}

// Named is the program that a process runs, or, where the caller may not know, says
// that it runs; empty where it says nothing of the kind.
func (p Process) Named() string {
	if p.Program == "" && len(p.Arguments) > 0 && filepath.IsAbs(p.Arguments[0]) {
		return p.Arguments[0]
	}
	return p.Program
}

// IsZombie tells a process that is no more and whose parent has not asked about it,
// as in a container without an init: it has its number still, and no program.
func (p Process) IsZombie() bool { return p.state == "Z" }

// IsRunning tells whether this very process runs still: its number may be that of
// a later one.
func (p Process) IsRunning() bool {
	now, ok := readState(p.root, p.PID)
	return ok && !now.IsZombie() && now.Started == p.Started
}

// Signal sends a signal to this very process, and to no later one of its number.
func (p Process) Signal(signal os.Signal) error {
	process, err := os.FindProcess(p.PID) // which holds on to it, where the kernel can (pidfd_open(2))
	if err != nil {
		return err
	}
	defer func() { _ = process.Release() }()
	if !p.IsRunning() {
		return os.ErrProcessDone
	}
	return process.Signal(signal)
}

// Children are the processes that a process of this host has started and that run
// still, by their numbers; none on hosts without /proc.
func Children(parent int) []Process {
	var children []Process
	for _, pid := range processes("") {
		if child, ok := readState("", pid); ok && child.Parent == parent && !child.IsZombie() {
			children = append(children, child)
		}
	}
	return children
}

// argument is the value of an option of httpd's, which has one letter, as the
// command line gives it; the last one counts.
func (p Process) argument(letter string) (value string, given bool) {
	for i, word := range p.Arguments {
		if i == 0 {
			continue
		}
		switch {
		case word == "-"+letter && i+1 < len(p.Arguments):
			value, given = p.Arguments[i+1], true
		case len(word) > 2 && strings.HasPrefix(word, "-"+letter):
			value, given = word[2:], true
		}
	}
	return value, given
}

// configFile is the main configuration file that httpd was started with, and
// whether one was given: without -f it is the one that it is compiled with.
func (p Process) configFile(serverRoot string) (file string, given bool) {
	file, given = p.argument("f")
	if root, other := p.argument("d"); other {
		serverRoot = root
	}
	if given && !filepath.IsAbs(file) {
		file = filepath.Join(serverRoot, file)
	}
	return file, given
}
