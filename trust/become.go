//go:build unix

package trust

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// childName is the name under which this program is started to become another
// account. It gives rights up and none away, so that anybody may use it.
const childName = "wsgictl: as another account"

// An order is what the child is told.
type order struct {
	Account Account `json:"account"`
	Job     Job     `json:"job"`
}

// Become is called first by each main, and by TestMain of packages whose tests
// run jobs. In a child that [Account.Run] started it gives up root for good and
// becomes the program of the job; everywhere else it does nothing.
func Become() {
	if len(os.Args) != 1 || os.Args[0] != childName {
		return
	}
	runtime.LockOSThread() // no_new_privs and the parent's end are told to a thread
	text, err := takeOrder()
	if err == nil {
		err = become(text) // which does not return where it succeeds
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(126)
}

// takeOrder reads what is to be done from stdin, of which the program gets
// nothing. It is no argument: those of a process are shown to every account, and
// an order may name variables of root's.
func takeOrder() ([]byte, error) {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return nil, fmt.Errorf("take the order: %w", err)
	}
	nothing, err := os.Open(os.DevNull)
	if err != nil {
		return nil, err
	}
	defer nothing.Close()
	return text, unix.Dup2(int(nothing.Fd()), 0)
}

func become(text []byte) error {
	var o order
	if err := json.Unmarshal(text, &o); err != nil {
		return err
	}
	if o.Account.UID == 0 || len(o.Account.Groups) == 0 {
		return errors.New("root is no other account")
	}
	if err := o.Job.limit(); err != nil {
		return err
	}
	if o.Job.HasInput {
		if err := unix.Dup2(input, 0); err != nil {
			return fmt.Errorf("take what is to be read: %w", err)
		}
		unix.CloseOnExec(input)
	}
	if err := o.Account.takeIdentity(); err != nil {
		return err
	}
	if err := forsakePrivileges(); err != nil {
		return err
	}
	dir := o.Job.Dir
	if dir == "" {
		dir = "/"
	}
	if err := unix.Chdir(dir); err != nil {
		return fmt.Errorf("go to %s: %w", dir, err)
	}
	environment := with(o.Account.environment(), o.Job.Environment)
	err := syscall.Exec(o.Job.Program, append([]string{o.Job.Program}, o.Job.Args...), environment)
	return fmt.Errorf("start %s: %w", o.Job.Program, err)
}

// input is the descriptor of what the program is to read, until the order is taken.
const input = 3

// with are variables with others in the place of those of the same name: the C library
// takes the first.
func with(variables, others []string) []string {
	name := func(variable string) string { before, _, _ := strings.Cut(variable, "="); return before }
	kept := slices.DeleteFunc(variables, func(variable string) bool {
		return slices.ContainsFunc(others, func(other string) bool { return name(other) == name(variable) })
	})
	return append(kept, others...)
}

// limit sets what the program may take, and who can read what it makes.
func (job Job) limit() error {
	if job.Own {
		unix.Umask(0o022)
		return nil
	}
	unix.Umask(0o077)
	return limitResources()
}

// limits of a job. Address space counts more than memory, and Python takes
// little of it.
var limits = []struct {
	resource int
	value    uint64
}{
	{unix.RLIMIT_AS, 2 << 30},     // bytes
	{unix.RLIMIT_CPU, 30},         // seconds
	{unix.RLIMIT_FSIZE, 64 << 20}, // bytes
	{unix.RLIMIT_NOFILE, 256},
	{unix.RLIMIT_CORE, 0},
}

func limitResources() error {
	for _, limit := range limits {
		value := rlimit(limit.value)
		if err := unix.Setrlimit(limit.resource, &value); err != nil {
			return fmt.Errorf("limit resource %d: %w", limit.resource, err)
		}
	}
	return nil
}

// takeIdentity gives up root's groups, then its group, then root, on all
// threads, and looks whether that is so.
func (account Account) takeIdentity() error {
	gid := account.Groups[0]
	if err := syscall.Setgroups(account.Groups); err != nil {
		return fmt.Errorf("take the groups of %s: %w", account, err)
	}
	if err := setGID(gid); err != nil {
		return fmt.Errorf("take the group of %s: %w", account, err)
	}
	if err := setUID(account.UID); err != nil {
		return fmt.Errorf("become %s: %w", account, err)
	}
	if os.Getuid() != account.UID || os.Geteuid() != account.UID || os.Getgid() != gid || os.Getegid() != gid || syscall.Setuid(0) == nil {
		return fmt.Errorf("become %s: the system did not let go of root", account)
	}
	return nil
}

// environment is what login(1) would give, in the C locale.
func (account Account) environment() []string {
	home := account.Home
	if home == "" {
		home = "/"
	}
	variables := []string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + home, "LC_ALL=C"}
	if account.Name != "" {
		variables = append(variables, "USER="+account.Name, "LOGNAME="+account.Name)
	}
	return variables
}
