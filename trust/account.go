package trust

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// An Account is a user with all groups, as passwd(5) and group(5) tell.
type Account struct {
	Name   string // empty of one that no file knows
	UID    int
	Groups []int // the primary group first
	Home   string
}

// String names the account as messages do.
func (a Account) String() string {
	if a.Name == "" {
		return "user " + strconv.Itoa(a.UID)
	}
	return a.Name
}

// Accounts are those of a host: the text of its passwd and group files. Other
// name services may know more.
type Accounts struct {
	Passwd, Group string
}

// HostAccounts are those of this host. A file that cannot be read has none.
func HostAccounts() Accounts {
	passwd, _ := os.ReadFile("/etc/passwd")
	group, _ := os.ReadFile("/etc/group")
	return Accounts{string(passwd), string(group)}
}

// Lookup finds a user by name, or by number as in "#33"; false when the files
// do not know it.
func (a Accounts) Lookup(name string) (Account, bool) {
	number, byNumber := strings.CutPrefix(name, "#")
	if name == "" {
		return Account{}, false
	}
	for fields := range a.users() {
		if byNumber && fields[2] != number || !byNumber && fields[0] != name {
			continue
		}
		uid, errUID := strconv.Atoi(fields[2])
		gid, errGID := strconv.Atoi(fields[3])
		if errUID != nil || errGID != nil {
			continue
		}
		account := Account{Name: fields[0], UID: uid, Groups: append([]int{gid}, a.supplementary(fields[0])...)}
		if len(fields) > 5 {
			account.Home = fields[5]
		}
		return account, true
	}
	return Account{}, false
}

// nobodysGroup is the group of an account that no file knows: a number of its
// own could be that of a group with rights.
const nobodysGroup = 65534

// ByUID is the account of a user id, also of one that no file knows.
func (a Accounts) ByUID(uid int) Account {
	if known, ok := a.Lookup("#" + strconv.Itoa(uid)); ok {
		return known
	}
	return Account{UID: uid, Groups: []int{nobodysGroup}}
}

// Members are the user ids that are in a group, by their own entry or by the
// group's; known is false when no file has the group, whose members another
// name service knows.
func (a Accounts) Members(gid int) (uids []int, known bool) {
	number := strconv.Itoa(gid)
	var names []string
	for fields := range a.groups() {
		if fields[2] == number {
			names, known = append(names, strings.Split(fields[3], ",")...), true
		}
	}
	for fields := range a.users() {
		if fields[3] != number && !slices.Contains(names, fields[0]) {
			continue
		}
		if uid, err := strconv.Atoi(fields[2]); err == nil {
			uids, known = append(uids, uid), true
		}
	}
	return uids, known
}

// GroupName is the name of a group, or "group 50" of one that no file knows.
func (a Accounts) GroupName(gid int) string {
	number := strconv.Itoa(gid)
	for fields := range a.groups() {
		if fields[2] == number {
			return fields[0]
		}
	}
	return "group " + number
}

// GroupID is the number of a group, by its name, or of "#33"; false where the files do
// not know the name.
func (a Accounts) GroupID(name string) (gid int, known bool) {
	number, byNumber := strings.CutPrefix(name, "#")
	if !byNumber {
		for fields := range a.groups() {
			if fields[0] == name {
				number, known = fields[2], true
				break
			}
		}
	}
	gid, err := strconv.Atoi(number)
	return gid, err == nil && (known || byNumber)
}

// HasGroup tells whether the files know a group, by name, or by number as in
// "#33".
func (a Accounts) HasGroup(name string) bool {
	number, byNumber := strings.CutPrefix(name, "#")
	for fields := range a.groups() {
		if byNumber && fields[2] == number || !byNumber && fields[0] == name {
			return true
		}
	}
	return false
}

func (a Accounts) supplementary(user string) []int {
	var gids []int
	for fields := range a.groups() {
		if slices.Contains(strings.Split(fields[3], ","), user) {
			if gid, err := strconv.Atoi(fields[2]); err == nil {
				gids = append(gids, gid)
			}
		}
	}
	return gids
}

func (a Accounts) users() func(func([]string) bool) { return records(a.Passwd) }

func (a Accounts) groups() func(func([]string) bool) { return records(a.Group) }

// records gives the fields of each line that has at least the four that both
// files share.
func records(text string) func(func([]string) bool) {
	return func(yield func([]string) bool) {
		for line := range strings.Lines(text) {
			fields := strings.Split(strings.TrimSpace(line), ":")
			if len(fields) >= 4 && !yield(fields) {
				return
			}
		}
	}
}

// LookupHost is the account of this host that has a name.
func LookupHost(name string) (Account, error) {
	account, ok := HostAccounts().Lookup(name)
	if !ok {
		return Account{}, fmt.Errorf("no account %q in /etc/passwd", name)
	}
	return account, nil
}
