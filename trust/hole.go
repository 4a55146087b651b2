package trust

import (
	"fmt"
	"strings"

	"golang.org/x/sys/unix"
)

// An Entry is what lstat tells of a folder, link or file on the way.
type Entry struct {
	UID, GID int
	Mode     uint32 // st_mode
	Last     bool   // nothing follows it
	List     func() AccessList
}

func (e Entry) isLink() bool { return e.Mode&unix.S_IFMT == unix.S_IFLNK }

func (e Entry) isFolder() bool { return e.Mode&unix.S_IFMT == unix.S_IFDIR }

// IsRootsAlone tells that root alone can change an entry, whatever accounts there are.
func (e Entry) IsRootsAlone() bool {
	return e.UID == 0 && (e.isLink() || e.Mode&(groupWrite|otherWrite) == 0)
}

const (
	stickyBit  = 0o1000
	groupWrite = 0o020
	otherWrite = 0o002
)

// Hole tells who could change an entry; false when root alone can. A sticky
// folder such as /tmp keeps what is in it from all but its owners, so that it
// is none on the way to what lies in it.
func (a Accounts) Hole(at string, e Entry) (Hole, bool) {
	hole := Hole{At: at}
	var reasons []string
	if e.UID != 0 {
		hole.Who = append(hole.Who, a.ByUID(e.UID))
		reasons = append(reasons, "it belongs to "+a.ByUID(e.UID).String())
	}
	kept := e.isFolder() && e.Mode&stickyBit != 0 && !e.Last
	if !e.isLink() && !kept { // permissions of a link mean nothing
		reasons = append(reasons, a.writers(&hole, e)...)
	}
	hole.Who = sortedAccounts(hole.Who)
	hole.Reason = strings.Join(reasons, ", and ")
	return hole, len(reasons) > 0
}

// writers adds those whom the mode or the access control list lets write.
func (a Accounts) writers(hole *Hole, e Entry) (reasons []string) {
	if e.Mode&otherWrite != 0 {
		hole.Open = true
		return []string{fmt.Sprintf("anybody can write to it (mode %04o)", e.Mode&0o7777)}
	}
	if e.Mode&groupWrite == 0 { // which is the mask where there is a list
		return nil
	}
	gids := []int{e.GID}
	if list := e.List(); len(list) > 0 {
		var uids []int
		uids, gids = list.writers(e.GID)
		for _, uid := range uids {
			if uid != 0 && uid != e.UID {
				hole.Who = append(hole.Who, a.ByUID(uid))
				reasons = append(reasons, a.ByUID(uid).String()+" can write to it (access control list)")
			}
		}
	}
	for _, gid := range gids {
		if reason := a.groupWriters(hole, e, gid); reason != "" {
			reasons = append(reasons, reason)
		}
	}
	return reasons
}

// groupWriters adds the members of a group; a group without any but root and
// the owner lets nobody in.
func (a Accounts) groupWriters(hole *Hole, e Entry, gid int) (reason string) {
	members, known := a.Members(gid)
	if !known {
		hole.Open = true
		return fmt.Sprintf("members of group %d, whom /etc/group does not name, can write to it (mode %04o)", gid, e.Mode&0o7777)
	}
	var names []string
	for _, uid := range members {
		if uid != 0 && uid != e.UID {
			hole.Who = append(hole.Who, a.ByUID(uid))
			names = append(names, a.ByUID(uid).String())
		}
	}
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("members of the group %s (%s) can write to it (mode %04o)", a.GroupName(gid), strings.Join(names, ", "), e.Mode&0o7777)
}
