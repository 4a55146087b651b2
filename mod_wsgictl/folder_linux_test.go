package modwsgictl_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/needtest"
)

// keeps tells whether a process has a file of the folder open.
func keeps(s *httpdtest.Server) bool {
	links, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	return slices.ContainsFunc(links, func(link string) bool {
		target, _ := os.Readlink(link)
		return strings.HasPrefix(target, filepath.Join(s.Root, "kept")+"/")
	})
}

// TestFolderIsTheServersOwn or none is used, and root's process makes none and gives none away.
func TestFolderIsTheServersOwn(t *testing.T) {
	needtest.Root(t)
	t.Parallel()
	const nobody, others = 65534, 54321 // the server runs as nobody
	for name, c := range map[string]struct {
		make func(path string) error
		used bool
	}{
		"the server's":   {func(path string) error { return folderOf(path, nobody, 0o700) }, true},
		"none there":     {func(string) error { return nil }, false},
		"root's folder":  {func(path string) error { return folderOf(path, 0, 0o700) }, false},
		"others' folder": {func(path string) error { return folderOf(path, others, 0o700) }, false},
		"open to others": {func(path string) error { return folderOf(path, nobody, 0o750) }, false},
		"a link":         {func(path string) error { return os.Symlink("kept", path) }, false},
		"a file":         {func(path string) error { return os.WriteFile(path, nil, 0o600) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newEchoing(t)
			path := filepath.Join(s.Root, "folder")
			if err := c.make(path); err != nil {
				t.Fatal(err)
			}
			before, _ := os.Lstat(path)
			s.Start(load(t, s) + s.LoadModule("6.1.1") + echoingOf(t, s) + "WSGICtlFolder folder\n")
			if answer := converse(t, s, post("/", 2_000_000, "Connection: close\r\n")); !strings.Contains(answer, "read=2000000") {
				t.Error(answer)
			}
			if used := !strings.Contains(s.ErrorLog(), "wsgictl: nothing is kept in files: WSGICtlFolder "+path); used != c.used {
				t.Errorf("used: %t, want %t\n%s", used, c.used, lastLines(s))
			}
			if after, _ := os.Lstat(path); (before == nil) != (after == nil) || before != nil && (before.Mode() != after.Mode() || before.Sys().(*syscall.Stat_t).Uid != after.Sys().(*syscall.Stat_t).Uid) {
				t.Errorf("the server changed it from %v to %v", before, after)
			}
		})
	}
}

func folderOf(path string, owner int, mode os.FileMode) error {
	return errors.Join(os.Mkdir(path, 0o700), os.Chown(path, owner, owner), os.Chmod(path, mode))
}

// TestFolderOfAServerThatIsNotRoots is that account's.
func TestFolderOfAServerThatIsNotRoots(t *testing.T) {
	needtest.Root(t)
	t.Parallel()
	s := newEchoing(t)
	s.As = &syscall.Credential{Uid: 54321, Gid: 54321}
	if err := os.Chown(filepath.Join(s.Root, "run"), 54321, 54321); err != nil {
		t.Fatal(err)
	}
	s.Start(load(t, s) + s.LoadModule("6.1.1") + echoingOf(t, s) + "WSGICtlFolder kept\n")
	connection, _ := slowly(t, s)
	await(t, s, "a child keeps what came", func() bool { return keeps(s) })
	connection.Close()
	await(t, s, "no child has the file", func() bool { return !keeps(s) })
}

// TestFilesOfADiskThatIsFull, or that may not grow, answer with 503, and the
// server goes on.
func TestFilesOfADiskThatIsFull(t *testing.T) {
	needtest.Root(t)
	t.Parallel()
	for name, failing := range map[string]string{
		"full disk":        "",
		"no more files":    "openat ENFILE",
		"no right to make": "openat EACCES",
		"limit of a file":  "pwrite EFBIG",
		"broken disk":      "pwrite EIO",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newEchoing(t)
			size := 200_000
			if failing == "" {
				mount(t, filepath.Join(s.Root, "kept"), "size=512k,mode=0700,uid=65534")
				size = 3_000_000
			} else {
				call, number, _ := strings.Cut(failing, " ")
				s.Env = interposed(t, call, "errno = "+number+"; return -1;")
			}
			s.Start(load(t, s) + s.LoadModule("6.1.1") + echoingOf(t, s) + "WSGICtlFolder kept 1000000000\n")
			connection := dial(t, s)
			go io.WriteString(connection, post("/", size, "Connection: close\r\n")[:size]) // its end does not come
			if answer, err := io.ReadAll(connection); !strings.HasPrefix(string(answer), "HTTP/1.1 503 ") {
				t.Errorf("answer %q, %v", answer, err)
			}
			if _, err := os.Stat(filepath.Join(s.Root, "run/ran")); err == nil {
				t.Error("the application ran for what could not be kept")
			}
			await(t, s, "the file is gone", func() bool { return !keeps(s) })
			if answer := converse(t, s, post("/after", 65536, "Connection: close\r\n")); !strings.Contains(answer, "read=65536 ") {
				t.Errorf("the server does not go on: %s", answer)
			}
		})
	}
}

// TestFilesTakeWhatIsWrittenInParts, with signals in between.
func TestFilesTakeWhatIsWrittenInParts(t *testing.T) {
	t.Parallel()
	s, plain := newEchoing(t), newEchoing(t)
	s.Env = interposed(t, "pwrite", "static int n; if (n++ % 2) { errno = EINTR; return -1; } return syscall(SYS_pwrite64, fd, data, size > 1000 ? 1000 : size, offset);")
	s.Start(load(t, s) + s.LoadModule("6.1.1") + echoingOf(t, s) + "WSGICtlFolder kept\n")
	plain.Start(plain.LoadModule("6.1.1") + echoingOf(t, plain))
	request := post("/", 3_000_000, "Connection: close\r\n")
	if want, got := converse(t, plain, request), converse(t, s, request); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// mount makes a file system in memory, for the time of the test.
func mount(t *testing.T, path, options string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(path, 0o700), unix.Mount("kept", path, "tmpfs", 0, options)); err != nil {
		needtest.Missing(t, "no file system of a test's own: %v", err)
	}
	t.Cleanup(func() { unix.Unmount(path, unix.MNT_DETACH) })
}

// TestClientsCannotFillTheDisk: beyond half of what is free requests are as
// without the module, slow readers too.
func TestClientsCannotFillTheDisk(t *testing.T) {
	needtest.Root(t)
	t.Parallel()
	s := newEchoing(t)
	mount(t, filepath.Join(s.Root, "kept"), "size=1m,mode=0700,uid=65534")
	s.Start(load(t, s) + s.LoadModule("6.1.1") + echoingOf(t, s) + "WSGICtlFolder kept\n")
	if answer := converse(t, s, post("/", 3_000_000, "Connection: close\r\n")); !strings.Contains(answer, "read=3000000 ") {
		t.Error(answer)
	}
	for _, size := range []string{"", " 1000000000"} { // within the disk, or beyond what it has
		s := newSending(t, "event", "6.1.1", "WSGICtlFolder "+filepath.Join(s.Root, "kept")+size+"\n", false, false)
		wantsLines(t, say(t, s, false, get("/?"+strconv.Itoa(large))), large)
	}
}

// TestFilesHaveALimitTogether: a body that goes beyond it is read by the
// application as it comes. What is closed has its place again, and so has what a
// child had that was killed.
func TestFilesHaveALimitTogether(t *testing.T) {
	everyMPM(t, func(t *testing.T, mpm string) {
		s := newEchoing(t)
		s.MPM = mpm
		s.Start(load(t, s) + s.LoadModule("6.1.1") + echoingOf(t, s) + "WSGICtlFolder kept 200000\n")
		ran := func() bool { _, err := os.Stat(filepath.Join(s.Root, "run/ran")); return err == nil }
		first, rest := keptSlowly(t, s)
		if ran() {
			t.Fatalf("the application ran for the body that is kept\n%s", lastLines(s))
		}
		second, _ := slowly(t, s)
		await(t, s, "the application runs for the body that goes beyond it", ran)
		for _, connection := range []net.Conn{second, first} {
			if _, err := io.WriteString(connection, rest); err != nil {
				t.Fatal(err)
			}
			if answer, err := io.ReadAll(connection); !strings.Contains(string(answer), "POST /slow length=200000 read=200000") {
				t.Fatalf("a slow client: %s, %v", answer, err)
			}
		}
		keptSlowly(t, s)
		killAll(t, s)
		keptSlowly(t, s)
		if answer := converse(t, s, post("/fast", 100, "Connection: close\r\n")); !strings.Contains(answer, "read=100 ") {
			t.Errorf("the application is not free: %s", answer)
		}
	})
}

// keptSlowly is an upload of which a child keeps what came.
func keptSlowly(t *testing.T, s *httpdtest.Server) (connection net.Conn, rest string) {
	t.Helper()
	await(t, s, "nothing is kept", func() bool { return !keeps(s) })
	connection, rest = slowly(t, s)
	await(t, s, "what came is kept", func() bool { return keeps(s) })
	return connection, rest
}

// killAll kills all processes below the server's, and waits until no file of the
// folder is left, and others have come.
func killAll(t *testing.T, s *httpdtest.Server) {
	t.Helper()
	children := installed.Children(s.PID())
	for _, child := range children {
		if err := syscall.Kill(child.PID, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	await(t, s, "the killed are gone", func() bool {
		return !slices.ContainsFunc(children, func(child installed.Process) bool { return syscall.Kill(child.PID, 0) == nil })
	})
	if keeps(s) {
		t.Error("a file outlives the process")
	}
	wantsNoNames(t, s)
	await(t, s, "others answer", func() bool {
		return strings.Contains(converse(t, s, post("/again", 100, "Connection: close\r\n")), "read=100 ")
	})
}

// TestFilesAreGoneWithTheirClients who left before they had all.
func TestFilesAreGoneWithTheirClients(t *testing.T) {
	everyMPM(t, func(t *testing.T, mpm string) {
		s := newSending(t, mpm, "6.1.1", "WSGICtlFolder kept\n", false, false)
		connection := say(t, s, false, get("/?"+strconv.Itoa(large)))
		wantsLines(t, say(t, s, false, get("/?160")), 160)
		await(t, s, "a child has the file", func() bool { return keeps(s) })
		connection.Close()
		await(t, s, "no child has the file", func() bool { return !keeps(s) })
	})
}

// TestFilesAreGoneWithTheirStreams, though the connection stays: with what was read,
// and with what nobody wants any more.
func TestFilesAreGoneWithTheirStreams(t *testing.T) {
	t.Parallel()
	s := newSending(t, "event", "6.1.1", "Protocols h2c http/1.1\nWSGICtlFolder kept\n", false, false)
	client := overHTTP2(t)
	for _, whole := range []bool{true, false} {
		response := get2(t, client, s.URL+"/?"+strconv.Itoa(large))
		await(t, s, "a child has the file", func() bool { return keeps(s) })
		if whole {
			if n, err := io.Copy(io.Discard, response.Body); n != large || err != nil {
				t.Fatal(n, err)
			}
		}
		response.Body.Close()
		await(t, s, "no child has the file", func() bool { return !keeps(s) })
	}
}

// TestFilesOfAnOlderFileSystem have names for a moment: there is no O_TMPFILE.
func TestFilesOfAnOlderFileSystem(t *testing.T) {
	t.Parallel()
	s := newEchoing(t)
	s.Env = interposed(t, "openat", "errno = EOPNOTSUPP; return -1;")
	kept := filepath.Join(s.Root, "kept")
	s.Start(load(t, s) + s.LoadModule("6.1.1") + echoingOf(t, s) + "WSGICtlFolder kept\n")
	connection, rest := slowly(t, s)
	await(t, s, "what came is kept in a file that had a name", func() bool {
		links, _ := filepath.Glob("/proc/[0-9]*/fd/*")
		return slices.ContainsFunc(links, func(link string) bool {
			target, _ := os.Readlink(link)
			return strings.HasPrefix(target, kept+"/kept.") && strings.HasSuffix(target, " (deleted)")
		})
	})
	if _, err := io.WriteString(connection, rest); err != nil {
		t.Fatal(err)
	}
	if answer, err := io.ReadAll(connection); !strings.Contains(string(answer), "read=200000 ") {
		t.Errorf("%s, %v", answer, err)
	}
}

// calls are those that a test answers in the kernel's place, openat for files without
// names alone.
var calls = map[string]string{
	"openat": `int openat(int folder, const char *path, int flags, ...)
{
    va_list more;
    int mode;

    va_start(more, flags);
    mode = va_arg(more, int);
    va_end(more);
    if ((flags & O_TMPFILE) != O_TMPFILE)
        return syscall(SYS_openat, folder, path, flags, mode);
    %s
}
int openat64(int, const char *, int, ...) __attribute__((alias("openat")));
`,
	"pwrite": `ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
    %s
}
ssize_t pwrite64(int, const void *, size_t, off_t) __attribute__((alias("pwrite")));
`,
	"sendfile": `ssize_t sendfile(int to, int from, off_t *offset, size_t size)
{
    %s
}
ssize_t sendfile64(int, int, off_t *, size_t) __attribute__((alias("sendfile")));
`,
	"gettimeofday": `int gettimeofday(struct timeval *now, void *zone)
{
    int rv = syscall(SYS_gettimeofday, now, zone);
    %s
    return rv;
}
`,
}

// interposed is an environment in which a call does something else.
func interposed(t *testing.T, call, does string) []string {
	t.Helper()
	folder, err := os.MkdirTemp("", "mod_wsgictl")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	file, library := filepath.Join(folder, "call.c"), filepath.Join(folder, "call.so")
	source := "#define _GNU_SOURCE\n#include <errno.h>\n#include <fcntl.h>\n#include <stdarg.h>\n#include <sys/sendfile.h>\n#include <sys/syscall.h>\n#include <sys/time.h>\n#include <unistd.h>\n" + fmt.Sprintf(calls[call], does)
	if err := errors.Join(os.WriteFile(file, []byte(source), 0o600), os.Chmod(folder, 0o755)); err != nil {
		t.Fatal(err)
	}
	if output, err := exec.Command("cc", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library, file).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return []string{"LD_PRELOAD=" + library}
}
