package system

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/verbose"
)

// accountCommands make an account and a group of that name for a service, on
// one family of systems each: the first that is there is used. The account has
// no home folder of its own and nobody can log in by it. Its home is "/", for daemon
// processes enter that of their account where home= names none. MARK is its comment.
var accountCommands = []struct{ create, remove string }{
	{"useradd --system --user-group --no-create-home --home-dir / --shell /usr/sbin/nologin --comment MARK NAME", "userdel NAME"},
	{"adduser -S -D -H -h / -s /sbin/nologin -g MARK NAME", "deluser NAME"},        // Alpine
	{"pw useradd -n NAME -d / -s /usr/sbin/nologin -c MARK", "pw userdel -n NAME"}, // FreeBSD
}

// NewAccount is an account that is to be made, with a comment by which it can be
// told from any other of that name. Daemon processes that run as it may write
// in the folders.
func NewAccount(name string, folders []string) Undo {
	return Undo{Kind: UndoAccount, Name: name, Mark: "wsgictl " + rand.Text()[:10], Folders: folders}
}

// MissingAccounts are those that the daemon process groups of a declaration run as
// and that are not there, each once.
func MissingAccounts(file intent.File) ([]Undo, error) {
	var missing []Undo
	for _, daemon := range file.Daemons {
		name := daemon.Settings.Value("user")
		if name == "" || slices.ContainsFunc(missing, func(account Undo) bool { return account.Name == name }) {
			continue
		}
		_, err := user.Lookup(name)
		switch unknown := user.UnknownUserError(""); {
		case errors.As(err, &unknown):
			missing = append(missing, NewAccount(name, file.WritableFolders(daemon)))
		case err != nil:
			return nil, err
		}
	}
	return missing, nil
}

// CreateAccount makes the account.
func CreateAccount(ctx context.Context, account Undo) error {
	for _, commands := range accountCommands {
		if program, _, _ := strings.Cut(commands.create, " "); isInstalled(program) {
			return account.run(ctx, "create", commands.create)
		}
	}
	return errors.New("create account " + account.Name + ": there is no useradd, adduser or pw that root alone can change; create it by hand")
}

// run fills in the words of a command and runs it.
func (m Undo) run(ctx context.Context, verb, command string) error {
	if strings.HasPrefix(m.Name, "-") {
		return fmt.Errorf("%s account %q: no account has such a name", verb, m.Name)
	}
	words := strings.Fields(command)
	for i, word := range words {
		switch word {
		case "NAME":
			words[i] = m.Name
		case "MARK":
			words[i] = m.Mark
		}
	}
	program, err := trust.Deciders().LookPath(words[0])
	if err != nil {
		return fmt.Errorf("%s account %s: %w", verb, m.Name, err)
	}
	// Killed, it could leave the system's files of accounts locked.
	making := exec.CommandContext(context.WithoutCancel(ctx), program, words[1:]...)
	making.Env = append(os.Environ(), "PATH="+trust.Deciders().SearchPath(os.Getenv("PATH")))
	trust.EndWhole(making)
	if output, err := verbose.CombinedOutput(ctx, making); err != nil {
		return fmt.Errorf("%s account %s: %s: %w: %s", verb, m.Name, words[0], trust.HowEnded(context.WithoutCancel(ctx), err), bytes.TrimSpace(output))
	}
	return nil
}

func isInstalled(program string) bool {
	_, err := trust.Deciders().LookPath(program)
	return err == nil
}

// removeCommand is what takes an account away.
func removeCommand() string {
	for _, commands := range accountCommands {
		if program, _, _ := strings.Cut(commands.create, " "); isInstalled(program) {
			return commands.remove
		}
	}
	return accountCommands[0].remove
}

// removalOf is the command that takes an account away by hand.
func removalOf(name string) string { return strings.ReplaceAll(removeCommand(), "NAME", name) }

// accountLimit is for how long processes of an account may take to end: those of
// a configuration that was put back end within their shutdown-timeout.
const accountLimit = 20 * time.Second

// RemoveAccount takes an account away that was made for a change that did not
// hold. One that is another meanwhile, or has come to own something, stays.
func RemoveAccount(ctx context.Context, account Undo) error {
	found, err := user.Lookup(account.Name)
	if unknown := user.UnknownUserError(""); errors.As(err, &unknown) {
		return nil
	}
	if err != nil {
		return err
	}
	if found.Name != account.Mark {
		return errors.New("it is not the one that was created")
	}
	uid, err := strconv.Atoi(found.Uid)
	if err != nil || uid == 0 {
		return fmt.Errorf("its number is %s", found.Uid)
	}
	if path := ownedIn(account.Folders, uid); path != "" {
		return fmt.Errorf("%s belongs to it", path)
	}
	waiting, cancel := context.WithTimeout(ctx, accountLimit)
	defer cancel()
	for hasProcess(uid) {
		select {
		case <-waiting.Done():
			return errors.New("processes run as it")
		case <-time.After(100 * time.Millisecond):
		}
	}
	return account.run(ctx, "remove", removeCommand())
}

// ownedIn is a folder, or something directly in it, that belongs to a user.
func ownedIn(folders []string, uid int) string {
	for _, folder := range folders {
		paths := []string{folder}
		for _, name := range namesIn(folder) {
			paths = append(paths, filepath.Join(folder, name))
		}
		for _, path := range paths {
			if info, err := os.Lstat(path); err == nil && ownerOf(info) == uid {
				return path
			}
		}
	}
	return ""
}

// namesIn are the entries of a folder that may be anybody's: what is put in its
// place is not waited for.
func namesIn(folder string) []string {
	opened, err := os.OpenFile(folder, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil
	}
	defer opened.Close()
	names, _ := opened.Readdirnames(-1) // what was read before an error is there all the same
	return names
}

func ownerOf(info fs.FileInfo) int {
	if owner, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(owner.Uid)
	}
	return -1
}

// hasProcess tells whether a process runs as a user, where the system tells it as
// Linux does.
func hasProcess(uid int) bool {
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return false
	}
	for _, process := range processes {
		if entry, err := os.Stat(process); err == nil && ownerOf(entry) == uid {
			return true
		}
	}
	return false
}
