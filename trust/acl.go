package trust

import (
	"encoding/binary"
	"slices"
)

// An AccessList is a POSIX access control list as Linux keeps it in the
// extended attribute system.posix_acl_access; see acl(5). Empty where there is
// none: the mode decides then.
type AccessList []accessEntry

type accessEntry struct {
	tag, bits int
	id        int // of a named user or group
}

// Tags of <linux/posix_acl.h>.
const (
	aclOwner = 0x01
	aclUser  = 0x02
	aclGroup = 0x04
	aclNamed = 0x08 // a named group
	aclMask  = 0x10
	aclOther = 0x20
)

const aclWrite = 2

// parseAccessList reads the attribute: a version, then entries of tag,
// permission bits and id, all little endian.
func parseAccessList(value []byte) AccessList {
	if len(value) < 4 || binary.LittleEndian.Uint32(value) != 2 {
		return nil
	}
	var list AccessList
	for value = value[4:]; len(value) >= 8; value = value[8:] {
		list = append(list, accessEntry{
			tag:  int(binary.LittleEndian.Uint16(value)),
			bits: int(binary.LittleEndian.Uint16(value[2:])),
			id:   int(binary.LittleEndian.Uint32(value[4:])),
		})
	}
	return list
}

// Bits gives the permission bits of an account, in the order of acl(5): the
// owner, a named user, the groups together, the others. False for an empty
// list: the mode decides.
func (list AccessList) Bits(who Account, ownerUID, ownerGID int) (int, bool) {
	if len(list) == 0 {
		return 0, false
	}
	mask, other := list.mask(), 0
	groups, inGroup := 0, false
	for _, entry := range list {
		switch {
		case entry.tag == aclOther:
			other = entry.bits
		case entry.tag == aclOwner && who.UID == ownerUID:
			return entry.bits, true
		case entry.tag == aclUser && who.UID == entry.id:
			return entry.bits & mask, true
		case entry.tag == aclGroup && slices.Contains(who.Groups, ownerGID),
			entry.tag == aclNamed && slices.Contains(who.Groups, entry.id):
			groups, inGroup = groups|entry.bits, true
		}
	}
	if inGroup {
		return groups & mask, true
	}
	return other, true
}

// mask is what named users and groups have at the most.
func (list AccessList) mask() int {
	for _, entry := range list {
		if entry.tag == aclMask {
			return entry.bits
		}
	}
	return 7
}

// writers are the named users, and the groups, that may write.
func (list AccessList) writers(ownerGID int) (uids, gids []int) {
	mask := list.mask()
	for _, entry := range list {
		if entry.bits&mask&aclWrite == 0 {
			continue
		}
		switch entry.tag {
		case aclUser:
			uids = append(uids, entry.id)
		case aclNamed:
			gids = append(gids, entry.id)
		case aclGroup:
			gids = append(gids, ownerGID)
		}
	}
	return uids, gids
}
