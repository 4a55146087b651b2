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

// Accounts are those of a host, as its passwd and group files tell. Other name
// services may know more. The zero value has none.
type Accounts struct {
	byName, byUID map[string]*Account // the first of that name, and of that number

	groupNames map[string]string // by number
	groupIDs   map[string]string // by name
	members    map[string][]int  // user ids by the number of their group
}

// NewAccounts are those of the text of these files.
func NewAccounts(passwd, group string) Accounts {
	a := Accounts{
		byName: map[string]*Account{}, byUID: map[string]*Account{},
		groupNames: map[string]string{}, groupIDs: map[string]string{}, members: map[string][]int{},
	}
	named := map[string][]string{} // the groups that name a user
	for fields := range records(group) {
		name, number := fields[0], fields[2]
		setFirst(a.groupNames, number, name)
		setFirst(a.groupIDs, name, number)
		for user := range strings.SplitSeq(fields[3], ",") {
			named[user] = append(named[user], number)
		}
	}
	for fields := range records(passwd) {
		a.add(fields, named[fields[0]])
	}
	return a
}

// add adds a line of passwd, whose user these groups name.
func (a Accounts) add(fields, named []string) {
	uid, err := strconv.Atoi(fields[2])
	if err != nil {
		return
	}
	account := &Account{Name: fields[0], UID: uid}
	if len(fields) > 5 {
		account.Home = fields[5]
	}
	groups := append([]string{fields[3]}, named...)
	for i, number := range groups {
		if !slices.Contains(groups[:i], number) {
			a.members[number] = append(a.members[number], uid)
		}
		if gid, err := strconv.Atoi(number); err == nil {
			account.Groups = append(account.Groups, gid)
		} else if i == 0 {
			return
		}
	}
	setFirst(a.byName, account.Name, account)
	setFirst(a.byUID, fields[2], account)
}

// setFirst keeps what a key has already.
func setFirst[Value any](m map[string]Value, key string, value Value) {
	if _, known := m[key]; !known {
		m[key] = value
	}
}

// HostAccounts are those of this host. A file that cannot be read has none.
func HostAccounts() Accounts {
	passwd, _ := os.ReadFile("/etc/passwd")
	group, _ := os.ReadFile("/etc/group")
	return NewAccounts(string(passwd), string(group))
}

// Lookup finds a user by name, or by number as in "#33"; false when the files
// do not know it.
func (a Accounts) Lookup(name string) (Account, bool) {
	account := a.byName[name]
	if number, byNumber := strings.CutPrefix(name, "#"); byNumber {
		account = a.byUID[number]
	}
	if account == nil || name == "" {
		return Account{}, false
	}
	found := *account
	found.Groups = slices.Clone(account.Groups)
	return found, true
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
	uids = a.members[number]
	_, known = a.groupNames[number]
	return uids, known || len(uids) > 0
}

// GroupName is the name of a group, or "group 50" of one that no file knows.
func (a Accounts) GroupName(gid int) string {
	number := strconv.Itoa(gid)
	if name, known := a.groupNames[number]; known {
		return name
	}
	return "group " + number
}

// GroupID is the number of a group, by its name, or of "#33"; false where the files do
// not know the name.
func (a Accounts) GroupID(name string) (gid int, known bool) {
	number, byNumber := strings.CutPrefix(name, "#")
	if !byNumber {
		number, known = a.groupIDs[name]
	}
	gid, err := strconv.Atoi(number)
	return gid, err == nil && (known || byNumber)
}

// HasGroup tells whether the files know a group, by name, or by number as in
// "#33".
func (a Accounts) HasGroup(name string) bool {
	_, known := a.groupIDs[name]
	if number, byNumber := strings.CutPrefix(name, "#"); byNumber {
		_, known = a.groupNames[number]
	}
	return known
}

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
