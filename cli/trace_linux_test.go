package cli

import (
	"bufio"
	"cmp"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// An act is something that a process which was root did to a file.
type act struct {
	kind string // "start", "load", "write", "read"
	path string
	line string // of the trace
}

// A tracing reads what strace -f -y wrote, and keeps which process has given
// up root. Lines are "PID call(arguments) = result"; the path of what was opened
// stands behind the result's number.
type tracing struct {
	user    map[int]int    // by process or thread; absent is root
	folder  map[int]string // current folder, likewise; absent is that of the start
	start   string
	pending map[int]string // begun calls that another process's line interrupted
	acts    []act
}

var (
	traceLine  = regexp.MustCompile(`^(\d+) +(.*)$`)
	resumed    = regexp.MustCompile(`^<\.\.\. \w+ resumed>\)? ?`)
	setUser    = regexp.MustCompile(`^set(?:res|re)?uid\((\d+).*\) += 0`)
	changed    = regexp.MustCompile(`^chdir\("(/[^"]*)"\) += 0`)
	newProcess = regexp.MustCompile(`^(?:clone3?|v?fork)\(.*\) += (\d+)`)
	superseded = regexp.MustCompile(`^\+\+\+ superseded by execve in pid (\d+)`)
	callName   = regexp.MustCompile(`^(\w+)\(`)
	openedPath = regexp.MustCompile(`\) += \d+<(/[^>]*)>`)
	quotedPath = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)
	folderArg  = regexp.MustCompile(`(?:AT_FDCWD|\d+)<(/[^>]*)>, "((?:[^"\\]|\\.)*)"`)
	mappedFile = regexp.MustCompile(`PROT_EXEC.*, \d+<(/[^>]*)>, `)
)

// changingCalls are calls that change what their paths name.
var changingCalls = map[string]bool{
	"rename": true, "renameat": true, "renameat2": true, "link": true, "linkat": true, "symlink": true, "symlinkat": true,
	"unlink": true, "unlinkat": true, "mkdir": true, "mkdirat": true, "rmdir": true, "chmod": true, "fchmodat": true, "fchmodat2": true,
	"chown": true, "lchown": true, "fchownat": true, "truncate": true, "mknod": true, "mknodat": true,
	"setxattr": true, "lsetxattr": true, "utimensat": true, "bind": true,
}

func readTrace(text io.Reader, folder string) []act {
	t := &tracing{user: map[int]int{}, folder: map[int]string{}, pending: map[int]string{}, start: folder}
	lines := bufio.NewScanner(text)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		if match := traceLine.FindStringSubmatch(lines.Text()); match != nil {
			pid, _ := strconv.Atoi(match[1])
			t.line(pid, match[2])
		}
	}
	return t.acts
}

func (t *tracing) line(pid int, text string) {
	if begun, found := strings.CutSuffix(text, " <unfinished ...>"); found {
		t.pending[pid] = begun
		return
	}
	if at := resumed.FindString(text); at != "" {
		rest := strings.TrimPrefix(text, at)
		if strings.HasSuffix(strings.TrimSpace(at), ")") {
			rest = ") " + rest
		}
		text = t.pending[pid] + rest
		delete(t.pending, pid)
	}
	switch {
	case superseded.MatchString(text):
		other, _ := strconv.Atoi(superseded.FindStringSubmatch(text)[1])
		t.user[pid] = t.user[other]
	case setUser.MatchString(text):
		t.user[pid], _ = strconv.Atoi(setUser.FindStringSubmatch(text)[1])
	case newProcess.MatchString(text):
		child, _ := strconv.Atoi(newProcess.FindStringSubmatch(text)[1])
		if t.user[pid] != 0 {
			t.user[child] = t.user[pid]
		}
		t.folder[child] = t.folder[pid]
	case changed.MatchString(text):
		t.folder[pid] = changed.FindStringSubmatch(text)[1]
	case t.user[pid] == 0:
		t.note(cmp.Or(t.folder[pid], t.start), text)
	}
}

// note keeps what root did, where it succeeded.
func (t *tracing) note(folder, text string) {
	match := callName.FindStringSubmatch(text)
	if match == nil || strings.Contains(text, ") = -1 ") {
		return
	}
	add := func(kind, path string) {
		if !filepath.IsAbs(path) {
			path = filepath.Join(folder, path)
		}
		t.acts = append(t.acts, act{kind, path, text})
	}
	switch name := match[1]; {
	case name == "execve" || name == "execveat":
		if path := quotedPath.FindStringSubmatch(text); path != nil {
			add("start", path[1])
		}
	case name == "mmap":
		if path := mappedFile.FindStringSubmatch(text); path != nil {
			add("load", path[1])
		}
	case name == "open" || name == "openat" || name == "openat2" || name == "creat":
		path := openedPath.FindStringSubmatch(text)
		switch {
		case path == nil || strings.Contains(text, "O_PATH") || strings.Contains(text, "O_DIRECTORY"):
		case name == "creat" || strings.Contains(text, "O_WRONLY") || strings.Contains(text, "O_RDWR"):
			add("write", path[1])
		default:
			add("read", path[1])
		}
	case changingCalls[name]:
		for _, path := range pathsIn(text) {
			add("write", path)
		}
	}
}

// pathsIn are the paths that a call names, each below the folder that stands
// before it.
func pathsIn(text string) []string {
	var paths []string
	for _, match := range folderArg.FindAllStringSubmatch(text, -1) {
		path := match[2]
		if !filepath.IsAbs(path) {
			path = filepath.Join(match[1], path)
		}
		paths = append(paths, path)
	}
	for _, match := range quotedPath.FindAllStringSubmatch(text, -1) {
		if filepath.IsAbs(match[1]) {
			paths = append(paths, match[1])
		}
	}
	return paths
}
