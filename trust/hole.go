package trust

import (
	"fmt"
	"strings"
)

// An entryState is what fstat tells of one entry on the way.
type entryState struct {
	uid, gid int
	mode     uint32 // permission bits with the sticky bit, as in st_mode
	isLink   bool
	isFolder bool
	last     bool // nothing follows it
	list     func() AccessList
}

const (
	stickyBit  = 0o1000
	groupWrite = 0o020
	otherWrite = 0o002
)

// hole tells who could change an entry; false when root alone can. A sticky
// folder such as /tmp keeps what is in it from all but its owners, so that it
// is none on the way to what lies in it.
func (a Accounts) hole(at string, e entryState) (Hole, bool) {
	hole := Hole{At: at}
	var reasons []string
	if e.uid != 0 {
		hole.Who = append(hole.Who, a.ByUID(e.uid))
		reasons = append(reasons, "it belongs to "+a.ByUID(e.uid).String())
	}
	kept := e.isFolder && e.mode&stickyBit != 0 && !e.last
	if !e.isLink && !kept { // permissions of a link mean nothing
		reasons = append(reasons, a.writers(&hole, e)...)
	}
	hole.Who = sortedAccounts(hole.Who)
	hole.Reason = strings.Join(reasons, ", and ")
	return hole, len(reasons) > 0
}

// writers adds those whom the mode or the access control list lets write.
func (a Accounts) writers(hole *Hole, e entryState) (reasons []string) {
	if e.mode&otherWrite != 0 {
		hole.Open = true
		return []string{fmt.Sprintf("anybody can write to it (mode %04o)", e.mode&0o7777)}
	}
	if e.mode&groupWrite == 0 { // which is the mask where there is a list
		return nil
	}
	gids := []int{e.gid}
	if list := e.list(); len(list) > 0 {
		var uids []int
		uids, gids = list.writers(e.gid)
		for _, uid := range uids {
			if uid != 0 && uid != e.uid {
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
func (a Accounts) groupWriters(hole *Hole, e entryState, gid int) (reason string) {
	members, known := a.Members(gid)
	if !known {
		hole.Open = true
		return fmt.Sprintf("members of group %d, whom /etc/group does not name, can write to it (mode %04o)", gid, e.mode&0o7777)
	}
	var names []string
	for _, uid := range members {
		if uid != 0 && uid != e.uid {
			hole.Who = append(hole.Who, a.ByUID(uid))
			names = append(names, a.ByUID(uid).String())
		}
	}
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("members of the group %s (%s) can write to it (mode %04o)", a.GroupName(gid), strings.Join(names, ", "), e.mode&0o7777)
}
