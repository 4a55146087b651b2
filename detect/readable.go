package detect

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// An account is a user with all groups, as /etc/passwd and /etc/group tell.
type account struct {
	name   string
	uid    int
	groups []int
}

// account looks a user up by name, or by number as in "#33". False when the
// files do not know it: another name service may.
func (t tree) account(name string) (account, bool) {
	passwd, err := t.read("/etc/passwd")
	if err != nil || name == "" {
		return account{}, false
	}
	number, byNumber := strings.CutPrefix(name, "#")
	for line := range strings.Lines(passwd) {
		fields := strings.Split(strings.TrimSpace(line), ":")
		if len(fields) < 4 || (byNumber && fields[2] != number) || (!byNumber && fields[0] != name) {
			continue
		}
		uid, errUID := strconv.Atoi(fields[2])
		gid, errGID := strconv.Atoi(fields[3])
		if errUID != nil || errGID != nil {
			continue
		}
		return account{name: fields[0], uid: uid, groups: append([]int{gid}, t.supplementary(fields[0])...)}, true
	}
	return account{}, false
}

// accountOf is the account of a user id, also of one that no file knows.
func (t tree) accountOf(uid int) account {
	if known, ok := t.account("#" + strconv.Itoa(uid)); ok {
		return known
	}
	return account{uid: uid, groups: []int{uid}}
}

func (t tree) supplementary(user string) []int {
	text, err := t.read("/etc/group")
	if err != nil {
		return nil
	}
	var groups []int
	for line := range strings.Lines(text) {
		fields := strings.Split(strings.TrimSpace(line), ":")
		if len(fields) == 4 && slices.Contains(strings.Split(fields[3], ","), user) {
			if gid, err := strconv.Atoi(fields[2]); err == nil {
				groups = append(groups, gid)
			}
		}
	}
	return groups
}

// Permission bits asked for.
const (
	toRead  = 4
	toEnter = 1
)

// barrier walks from the root to path, following links as the kernel does,
// and gives the first folder that the account may not enter, or path's own
// target if it may not read that. Empty when nothing is in the way, or when
// the caller itself cannot see enough to tell.
func (t tree) barrier(path string, who account) string {
	if who.uid == 0 {
		return ""
	}
	links := 0
	at := "/"
	rest := strings.Split(strings.Trim(filepath.Clean(path), "/"), "/")
	for len(rest) > 0 {
		next := filepath.Join(at, rest[0])
		if allowed, known := t.allows(at, who, toEnter); known && !allowed {
			return at
		}
		target, err := os.Readlink(t.at(next))
		switch {
		case err == nil && links < 40:
			links++
			if filepath.IsAbs(target) {
				at = "/"
			}
			rest = append(strings.Split(strings.Trim(filepath.Clean(target), "/"), "/"), rest[1:]...)
		case rest[0] == "..":
			at, rest = filepath.Dir(at), rest[1:]
		default:
			at, rest = next, rest[1:]
		}
	}
	wanted := toRead
	if t.isDir(at) {
		wanted |= toEnter
	}
	if allowed, known := t.allows(at, who, wanted); known && !allowed {
		return at
	}
	return ""
}
