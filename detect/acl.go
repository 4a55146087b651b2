package detect

import (
	"encoding/binary"
	"slices"
)

// An acl is a POSIX access control list as Linux keeps it in the extended
// attribute system.posix_acl_access; see acl(5). Empty where there is none.
type acl []aclEntry

type aclEntry struct {
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

// parseACL reads the attribute: a version, then entries of tag, permission
// bits and id, all little endian.
func parseACL(value []byte) acl {
	if len(value) < 4 || binary.LittleEndian.Uint32(value) != 2 {
		return nil
	}
	var list acl
	for value = value[4:]; len(value) >= 8; value = value[8:] {
		list = append(list, aclEntry{
			tag:  int(binary.LittleEndian.Uint16(value)),
			bits: int(binary.LittleEndian.Uint16(value[2:])),
			id:   int(binary.LittleEndian.Uint32(value[4:])),
		})
	}
	return list
}

// bits gives the permission bits of an account, in the order of acl(5): the
// owner, a named user, the groups together, the others. False for an empty
// list: the mode decides.
func (list acl) bits(who account, ownerUID, ownerGID int) (int, bool) {
	if len(list) == 0 {
		return 0, false
	}
	mask, other, groups, inGroup := 7, 0, 0, false
	for _, entry := range list {
		switch entry.tag {
		case aclMask:
			mask = entry.bits
		case aclOther:
			other = entry.bits
		}
	}
	for _, entry := range list {
		switch {
		case entry.tag == aclOwner && who.uid == ownerUID:
			return entry.bits, true
		case entry.tag == aclUser && who.uid == entry.id:
			return entry.bits & mask, true
		case entry.tag == aclGroup && slices.Contains(who.groups, ownerGID),
			entry.tag == aclNamed && slices.Contains(who.groups, entry.id):
			groups, inGroup = groups|entry.bits, true
		}
	}
	if inGroup {
		return groups & mask, true
	}
	return other, true
}
