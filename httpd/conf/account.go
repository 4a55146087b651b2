package conf

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/trust"
)

// maxAccounts is how long a file of accounts may be.
const maxAccounts = 16 << 20

// accounts are those of the host that a configuration is of.
type accounts struct {
	trust.Accounts
	users, groups bool // the files tell them all
	records       func(name string) bool
}

func (c *Config) accounts() accounts {
	var a accounts
	services, err := c.ReadFile("/etc/nsswitch.conf", maxAccounts)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return a
	}
	passwd, err := c.ReadFile("/etc/passwd", maxAccounts)
	a.users = err == nil && onlyFiles(services, "passwd", passwd)
	group, err := c.ReadFile("/etc/group", maxAccounts)
	a.groups = err == nil && onlyFiles(services, "group", group)
	a.Accounts = trust.NewAccounts(passwd, group)
	a.records = func(name string) bool {
		return slices.ContainsFunc(userRecords, func(pattern string) bool {
			return c.Exists(strings.ReplaceAll(pattern, "*", path.Base(name)))
		})
	}
	return a
}

// onlyFiles tells whether nsswitch.conf has accounts looked for in the file
// alone. The service "systemd" adds root, nobody, and those of userRecords; of
// "compat" the file has marks.
func onlyFiles(services, database, file string) bool {
	for line := range strings.Lines(services) {
		line, _, _ = strings.Cut(line, "#")
		name, words, ok := strings.Cut(line, ":")
		if !ok || strings.TrimSpace(name) != database {
			continue
		}
		for _, word := range strings.Fields(words) {
			if !slices.Contains([]string{"files", "compat", "systemd"}, word) && word[0] != '[' {
				return false
			}
		}
	}
	return !strings.Contains("\n"+file, "\n+") && !strings.Contains("\n"+file, "\n-")
}

// userRecords are where systemd looks for accounts of its own (userdb,
// systemd-homed).
var userRecords = []string{
	"/etc/userdb/*.user", "/run/userdb/*.user", "/run/host/userdb/*.user", "/usr/local/lib/userdb/*.user", "/usr/lib/userdb/*.user",
	"/etc/userdb/*.group", "/run/userdb/*.group", "/run/host/userdb/*.group", "/usr/local/lib/userdb/*.group", "/usr/lib/userdb/*.group",
	"/var/lib/systemd/home/*.identity",
}

// lacks tells whether it is certain that an account or group is not there.
func (a accounts) lacks(n Need) bool {
	_, byNumber := strings.CutPrefix(n.Name, "#")
	isUser := n.Kind == NeedsUser || n.Kind == NeedsListedUser
	switch {
	case byNumber && (n.Kind == NeedsUser || n.Kind == NeedsGroup), n.Name == "root", n.Name == "nobody", n.Name == "nogroup":
		return false
	case isUser:
		_, known := a.Lookup(n.Name)
		return a.users && !known && !a.records(n.Name)
	}
	return a.groups && !a.HasGroup(n.Name) && !a.records(n.Name)
}
