package trust

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Trustees are the accounts whose changes are accepted. The zero value trusts
// root alone.
type Trustees struct {
	uids     []int // beside root
	everyone bool
}

// RootAndCaller trusts root and the account of this process.
func RootAndCaller() Trustees { return RootAnd(os.Geteuid()) }

// RootAnd trusts root and further accounts.
func RootAnd(uids ...int) Trustees { return Trustees{uids: uids} }

// Deciders are those whose files may decide what this process does: settings,
// programs, archives, code. For root that is root alone. Any other caller is let
// into what he uses by its owners, and has nothing to lose but his own: nothing
// is checked for him.
func Deciders() Trustees { return Trustees{everyone: os.Geteuid() != 0} }

// And trusts further accounts as the option --trust names them: see [UIDOf].
func (t Trustees) And(names ...string) (Trustees, error) {
	t.uids = slices.Clone(t.uids)
	for _, name := range names {
		uid, err := UIDOf(name)
		if err != nil {
			return t, fmt.Errorf("trust %s: %w", name, err)
		}
		t.uids = append(t.uids, uid)
	}
	return t, nil
}

// UIDOf is the user id of an account as the option --trust names it: by name, or
// by number as in "#1001", which also tells those that another name service
// knows.
func UIDOf(name string) (int, error) {
	if number, byNumber := strings.CutPrefix(name, "#"); byNumber {
		uid, err := strconv.ParseUint(number, 10, 31)
		if err != nil {
			return 0, errors.New("want a user id behind the #")
		}
		return int(uid), nil
	}
	account, err := LookupHost(name)
	return account.UID, err
}

// Check refuses a path that somebody could change who is not trusted. The error
// is an [Untrusted] one, or about what is not there.
func (t Trustees) Check(path string) error {
	if t.everyone {
		return nil
	}
	way, err := Look(path)
	if untrusted := t.Accept(way); untrusted != nil { // also where the way ends too early
		return untrusted
	}
	return err
}

// Open opens a regular file or a folder for reading that only trusted accounts
// can change: the one that was looked at.
func (t Trustees) Open(path string) (*os.File, error) {
	if t.everyone {
		return openAnyones(path)
	}
	w, err := walk(path)
	defer w.close()
	if untrusted := t.Accept(w.Way); untrusted != nil { // also where the way ends too early
		err = untrusted
	}
	if err != nil {
		return nil, err
	}
	return openLooked(w.file, w.Path, w.Real)
}

// ReadFile reads a regular file that only trusted accounts can change, of at
// most limit bytes.
func (t Trustees) ReadFile(path string, limit int64) ([]byte, error) {
	file, err := t.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readWithin(file, path, limit)
}

// Accept is Check for a way that was looked at.
func (t Trustees) Accept(way Way) error {
	if t.everyone {
		return nil
	}
	for _, hole := range way.Holes {
		strange := slices.ContainsFunc(hole.Who, func(a Account) bool { return !slices.Contains(t.uids, a.UID) })
		if hole.Open || strange {
			return &Untrusted{Path: way.Path, Hole: hole}
		}
	}
	return nil
}

// Everyone trusts all accounts, for what decides nothing.
func Everyone() Trustees { return Trustees{everyone: true} }

// ReadFile reads a regular file, whoever can change it, of at most limit bytes.
// A FIFO, a socket or a device is refused without being opened.
func ReadFile(path string, limit int64) ([]byte, error) {
	return Everyone().ReadFile(path, limit)
}

// OpenRegular opens a regular file for reading, whoever can change it. A FIFO, a
// socket or a device is refused without being opened.
func OpenRegular(path string) (*os.File, error) {
	file, err := Everyone().Open(path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &NotRegular{Path: path, Kind: "a folder"}
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}

func readWithin(file *os.File, path string, limit int64) ([]byte, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &NotRegular{Path: path, Kind: "a folder"}
	}
	if info.Size() > limit {
		return nil, tooLarge(path, limit)
	}
	text := make([]byte, 0, info.Size()+1)
	for {
		n, err := readNow(file, text[len(text):cap(text)])
		text = text[:len(text)+n]
		switch {
		case int64(len(text)) > limit: // it grew, or is of a file system that tells no sizes
			return nil, tooLarge(path, limit)
		case errors.Is(err, io.EOF):
			return text, nil
		case err != nil:
			return nil, err
		}
		if len(text) == cap(text) {
			text = slices.Grow(text, len(text)+512)
		}
	}
}

// readNow reads what is there. Files of the kernel such as /proc/kmsg look like
// regular ones, and have a reader wait for what is to come: here that is EAGAIN.
func readNow(file *os.File, into []byte) (n int, err error) {
	connection, err := file.SyscallConn()
	if err != nil {
		return 0, err
	}
	var readError error
	err = connection.Read(func(descriptor uintptr) bool {
		for {
			if n, readError = syscall.Read(int(descriptor), into); !errors.Is(readError, syscall.EINTR) {
				return true // whatever came of it
			}
		}
	})
	switch {
	case err != nil:
		return 0, err
	case readError != nil:
		return 0, &os.PathError{Op: "read", Path: file.Name(), Err: readError}
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

func tooLarge(path string, limit int64) error {
	return &TooLarge{Path: path, Limit: limit}
}

// TooLarge is about a file that holds more than is read of its kind.
type TooLarge struct {
	Path  string
	Limit int64 // bytes
}

func (e *TooLarge) Error() string {
	return fmt.Sprintf("%s: it has more than the %s that are read of such a file", e.Path, sizeName(e.Limit))
}

func sizeName(bytes int64) string {
	switch {
	case bytes >= 1<<20 && bytes%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", bytes>>20)
	case bytes >= 1<<10 && bytes%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", bytes>>10)
	}
	return fmt.Sprintf("%d bytes", bytes)
}
