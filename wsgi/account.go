package wsgi

import (
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/trust"
)

// accounts are those that a server's processes run as, as far as the configuration and
// the files of its host tell.
type accounts struct {
	view   *View
	known  trust.Accounts
	apache *trust.Account // nil where it is not known
	// owner is the account that starts a server which root does not start: all
	// processes are his.
	owner *trust.Account
	group int // of Apache's own processes
}

// newAccounts finds the account of Apache's own processes: that of User with the group
// of Group (ap_unixd_setup_child).
func newAccounts(v *View) accounts {
	a := accounts{view: v}
	if v.Rights == nil || !v.Rights.KeepsOwners() {
		return a
	}
	a.known = v.Rights.Accounts()
	if v.Start != nil {
		if owner, root := v.startedBy(); !root {
			a.owner, a.apache = &owner, &owner
			return a
		}
	}
	user, group := v.Main().Last("User"), v.Main().Last("Group")
	if user == nil || group == nil || !v.Httpd.IsCertain(user, nil) || !v.Httpd.IsCertain(group, nil) {
		return a
	}
	gid, known := a.known.GroupID(group.Word(0))
	if known {
		a.group, a.apache = gid, a.of(user.Word(0), gid)
	}
	return a
}

// of is an account with a group in the place of its own, and the groups that it is a
// member of (initgroups); nil where the files do not know it.
func (a accounts) of(user string, group int) *trust.Account {
	account, known := a.known.Lookup(user)
	if !known {
		return nil
	}
	account.Groups[0] = group
	return &account
}

// ofDaemon is the account of the processes of a daemon process group (wsgi_setup_access):
// without group= it has the group of Apache. It is nil where it is not known.
func (a accounts) ofDaemon(group *Daemon) *trust.Account {
	if a.owner != nil || a.apache == nil || group.Options.IsOpen() {
		return a.owner
	}
	gid := a.group
	if name, named := group.Options.Get("group"); named {
		var known bool
		if gid, known = a.known.GroupID(name); !known {
			return nil
		}
	}
	user, named := group.Options.Get("user")
	if !named {
		user = "#" + strconv.Itoa(a.apache.UID)
	}
	account := a.of(user, gid)
	if list, listed := group.Options.Get("supplementary-groups"); listed && account != nil {
		account.Groups = []int{gid}
		for name := range strings.SplitSeq(list, ",") {
			other, known := a.known.GroupID(name)
			if !known {
				return nil
			}
			account.Groups = append(account.Groups, other)
		}
	}
	return account
}

// firstFreePort is the first that not only root may listen on.
const firstFreePort = 1024

// StartsAsRoot tells whether it is root who starts the server of this machine.
func (v *View) StartsAsRoot() bool {
	_, root := v.startedBy()
	return root
}

// startedBy is who starts the server: root where the configuration is root's alone, or
// of more than one account; and where its one owner could not do what it says: be
// another user, or listen on a port of root's.
func (v *View) startedBy() (owner trust.Account, root bool) {
	way, err := trust.Look(v.Config.Files[0].Name)
	owner, foreign, several := way.Owner()
	if err != nil || !foreign || several != nil {
		return owner, true
	}
	for d := range v.All("User") {
		if user, known := trust.HostAccounts().Lookup(d.Word(0)); known && user.UID != owner.UID {
			return owner, true
		}
	}
	for d := range v.All("Listen") {
		word := d.Word(0)
		port, err := strconv.Atoi(word[strings.LastIndexByte(word, ':')+1:])
		if err == nil && port < firstFreePort {
			return owner, true
		}
	}
	return owner, false
}
