package express

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/trust"
)

// A Caller is who wants a server, and from where.
type Caller struct {
	Dir    string // folder that relative paths start from
	UID    int
	Lookup func(string) (string, bool) // environment
	Verb   string                      // "setup-server" or "start-server"

	// Program is wsgictl for apachectl to call; empty for one that does without.
	Program string

	// Executable is the file of wsgictl, under whatever name: what --enable-telemetry
	// starts.
	Executable string

	// Release is that of wsgictl, for the journal of what it writes.
	Release string

	// Build is how root's own module is built for a virtualenv that others can
	// change: where it is kept, and who is told. Host and Trusted are filled in.
	Build installer.Request
}

// CurrentCaller is this process.
func CurrentCaller(verb string) (Caller, error) {
	dir, err := syscall.Getwd() // without the links of the shell's PWD, as Python's getcwd
	if err != nil {
		return Caller{}, fmt.Errorf("find the current folder: %w", err)
	}
	own := ownFile()
	return Caller{Dir: dir, UID: os.Getuid(), Lookup: os.LookupEnv, Verb: verb, Program: programFor(own), Executable: own}, nil
}

// Name is the name under which wsgictl takes the part of mod_wsgi's own command: a link
// to it in a virtualenv's bin folder, or on PATH.
const Name = "mod_wsgi-express"

// ownFile is the file of this program; empty where the system does not tell.
func ownFile() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	return path
}

// programFor is where apachectl finds a wsgictl; empty where that has the name, and so
// the commands, of mod_wsgi-express.
func programFor(file string) string {
	if filepath.Base(file) == Name {
		return ""
	}
	return file
}

// abs makes a path absolute; empty stays empty.
func (c Caller) abs(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return cleaned(path)
	}
	return filepath.Join(c.Dir, path)
}

func cleaned(path string) string {
	if path == "" {
		return ""
	}
	return filepath.Clean(path)
}

// env is a variable of the environment, empty when it is not set.
func (c Caller) env(name string) string {
	value, _ := c.Lookup(name)
	return value
}

// An account is who the application runs as.
type account struct {
	user, group string // names, or "#1000" without one
	uid, gid    int
}

// worker is the account as a job is run under it, with its group first.
func (a account) worker() trust.Account {
	worker := trust.HostAccounts().ByUID(a.uid)
	others := slices.DeleteFunc(worker.Groups, func(gid int) bool { return gid == a.gid })
	worker.Groups = append([]int{a.gid}, others...)
	return worker
}

// accountFor finds who the application runs as: --user and --group when root
// starts the server, else the caller.
func (c Caller) accountFor(asked Account) (account, error) {
	if c.UID != 0 {
		return c.self(), nil
	}
	userName, groupName := asked.User, asked.Group
	if userName == "" {
		return account{}, fmt.Errorf("%s as root: name the account that is to run the application, such as\n  wsgictl %s … --user %s",
			c.Verb, c.Verb, likelyUser())
	}
	found, err := lookupUser(userName)
	if err != nil {
		return account{}, fmt.Errorf("--user %s: %w", userName, err)
	}
	if found.Uid == "0" {
		return account{}, fmt.Errorf("--user %s: no application runs as root; name another account, such as %s", userName, likelyUser())
	}
	a := account{user: userName}
	a.uid, _ = strconv.Atoi(found.Uid)
	if groupName == "" {
		groupName = nameOfGroup(found.Gid)
	}
	gid, err := lookupGroup(groupName)
	if err != nil {
		return account{}, fmt.Errorf("--group %s: %w", groupName, err)
	}
	a.group, a.gid = groupName, gid
	return a, nil
}

func (c Caller) self() account {
	a := account{user: "#" + strconv.Itoa(c.UID), uid: c.UID, gid: os.Getgid()}
	if found, err := user.LookupId(strconv.Itoa(c.UID)); err == nil {
		a.user = found.Username
	}
	a.group = nameOfGroup(strconv.Itoa(a.gid))
	return a
}

func lookupUser(name string) (*user.User, error) {
	if number, found := strings.CutPrefix(name, "#"); found {
		return user.LookupId(number)
	}
	return user.Lookup(name)
}

func lookupGroup(name string) (int, error) {
	if number, found := strings.CutPrefix(name, "#"); found {
		return strconv.Atoi(number)
	}
	found, err := user.LookupGroup(name)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(found.Gid)
}

func nameOfGroup(gid string) string {
	if found, err := user.LookupGroupId(gid); err == nil {
		return found.Name
	}
	return "#" + gid
}

// likelyUser is the account that the distribution made for Apache.
func likelyUser() string {
	for _, name := range []string{"www-data", "apache", "http", "wwwrun", "www", "_www"} {
		if _, err := user.Lookup(name); err == nil {
			return name
		}
	}
	return "www-data"
}
