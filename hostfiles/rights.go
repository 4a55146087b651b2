package hostfiles

import (
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/trust"
)

// A Permission is a bit of a mode, as one of its three classes has it.
type Permission int

// What an account may do: pass through a folder, and read a file or list a folder.
const (
	ToEnter Permission = 1
	ToRead  Permission = 4
)

// Rights are what accounts may do with the files of a host, by owners, groups, modes
// and access control lists. Each file is looked at once.
type Rights struct {
	root     Root
	accounts func() trust.Accounts

	top  func() *entry // "/"
	mu   sync.Mutex
	seen map[entryKey]*entry // but for the first of each folder
}

// Rights looks at the files, and the accounts, as they are from now on.
func (r Root) Rights() *Rights {
	top := sync.OnceValue(func() *entry { return newTop(r) })
	return &Rights{root: r, accounts: sync.OnceValue(r.Accounts), top: top, seen: map[entryKey]*entry{}}
}

// KeepsOwners tells whether the files have their owners: see [Root.KeepsOwners].
func (r *Rights) KeepsOwners() bool { return r.root.KeepsOwners() }

// Accounts are those of the host.
func (r *Rights) Accounts() trust.Accounts { return r.accounts() }

// KeepsOwners tells whether the files belong to whom they belong to on their host: a
// copy that somebody made who is not root belongs to him.
func (r Root) KeepsOwners() bool {
	if r.IsHere() {
		return true
	}
	info, err := os.Lstat(r.At("/etc/passwd"))
	if err != nil {
		return false
	}
	uid, _, known := OwnerOf(info)
	return known && uid == 0
}

// A Route is what lies on the way to a file, with links followed as the kernel follows
// them. What the caller may not look at is not told.
type Route struct {
	Lacks   string // where nothing is there, the name in whose place that is; empty otherwise
	Link    string // the last link that was followed, empty for none
	Dangles bool   // what is not there is where the link leads to

	rights *Rights
	passed []*entry // folders and links
	end    *entry   // the file, or the one above what was asked for; nil where there is none, or none that is known
	whole  bool     // the end is what was asked for
}

// A Barrier is what keeps an account out.
type Barrier struct {
	At       string // without links
	Lacking  Permission
	IsFolder bool
	Mode     fs.FileMode
	UID, GID int
	Class    byte // of the mode that decides about the account: 'u', 'g' or 'o'; 0 for an access control list
}

// maxLinks is how many links the kernel follows for one name.
const maxLinks = 40

// usualWay is room for as many folders as lie above most files.
const usualWay = 8

// Route goes the way to a file. The path is absolute. What is below a file is left out.
func (r *Rights) Route(file string) Route {
	route, at := Route{rights: r, passed: make([]*entry, 0, usualWay)}, r.top()
	behind := len(file) // of the path, what follows the last link
	for links, rest := 0, file; ; {
		name, after, _ := strings.Cut(rest, "/")
		switch {
		case rest == "":
			route.end, route.whole = at, at.known
			return route
		case name == "" || name == ".":
			rest = after
			continue
		case !at.isFolder():
			route.end = at
			return route
		}
		route.passed = append(route.passed, at)
		if name == ".." {
			at, rest = at.folder, after
			continue
		}
		next := r.look(at, name)
		switch {
		case next.lacks:
			route.Lacks, route.Dangles = next.path, route.Link != "" && len(rest) > behind
			return route
		case !next.known || links > maxLinks:
			return route
		case next.target == "":
			at, rest = next, after
			continue
		}
		links, route.Link, behind = links+1, next.path, len(after)
		route.passed = append(route.passed, next)
		if path.IsAbs(next.target) {
			at = r.top()
		}
		rest = next.target + "/" + after
	}
}

// IsFolder tells whether what the way leads to is a folder.
func (route Route) IsFolder() bool { return route.whole && route.end.isFolder() }

// Barriers are what an account meets on the way that wants something of the file, 0 for
// nothing but that it is there: folders that it may not pass, and last the file that it
// may not use.
func (route Route) Barriers(who trust.Account, wanted Permission) []Barrier {
	var barriers []Barrier
	bar := func(at *entry, wanted Permission) {
		barrier, found := route.rights.barrier(at, who, wanted)
		isKnown := func(known Barrier) bool { return known.At == barrier.At && known.Lacking == barrier.Lacking }
		if found && !slices.ContainsFunc(barriers, isKnown) {
			barriers = append(barriers, barrier)
		}
	}
	for _, at := range route.passed {
		if at.target == "" {
			bar(at, ToEnter)
		}
	}
	if at := route.end; at != nil {
		if at.isFolder() {
			wanted |= ToEnter
		}
		bar(at, wanted)
	}
	return barriers
}

// Holes are where accounts other than root could change what the way leads to; false
// where it does not lead to the file.
func (route Route) Holes() (holes []trust.Hole, whole bool) {
	if !route.whole {
		return nil, false
	}
	add := func(at *entry, last bool) {
		hole, found := route.rights.hole(at, last)
		isKnown := func(known trust.Hole) bool { return known.At == hole.At && known.Open == hole.Open }
		if found && !slices.ContainsFunc(holes, isKnown) {
			holes = append(holes, hole)
		}
	}
	for _, at := range route.passed {
		add(at, false)
	}
	add(route.end, true)
	return holes, true
}

// hole tells whether accounts other than root can change an entry.
func (r *Rights) hole(at *entry, last bool) (trust.Hole, bool) {
	e := trust.Entry{UID: int(at.uid), GID: int(at.gid), Mode: at.stMode, Last: last, List: func() trust.AccessList { return r.listOf(at) }}
	if e.IsRootsAlone() {
		return trust.Hole{}, false
	}
	return r.accounts().Hole(at.path, e)
}

// barrier tells whether something keeps an account out, by its access control list or
// its mode. A group that the files of accounts do not know may have the account as a
// member.
func (r *Rights) barrier(at *entry, who trust.Account, wanted Permission) (Barrier, bool) {
	if !at.known || who.UID == 0 || wanted == 0 {
		return Barrier{}, false
	}
	uid, gid := int(at.uid), int(at.gid)
	b := Barrier{At: at.path, IsFolder: at.isFolder(), Mode: at.mode(), UID: uid, GID: gid, Class: 'o'}
	bits := Permission(b.Mode.Perm())
	switch granted, byList := r.listOf(at).Bits(who, uid, gid); {
	case byList:
		b.Class, bits = 0, Permission(granted)
	case uid == who.UID:
		b.Class, bits = 'u', bits>>6
	case slices.Contains(who.Groups, gid):
		b.Class, bits = 'g', bits>>3
	case bits>>3&wanted == wanted && bits&wanted != wanted && !r.accounts().HasGroup("#"+strconv.Itoa(gid)):
		return Barrier{}, false
	}
	b.Lacking = wanted &^ bits
	return b, b.Lacking != 0
}
