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

	mu   sync.Mutex
	seen map[string]*entry
}

// Rights looks at the files, and the accounts, as they are from now on.
func (r Root) Rights() *Rights {
	return &Rights{root: r, accounts: sync.OnceValue(r.Accounts), seen: map[string]*entry{}}
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

// entry is a file, folder or link by its name without links.
type entry struct {
	info   fs.FileInfo // nil where nothing is there, and where the caller may not look
	target string      // of a link
	lacks  bool        // nothing is there
	list   trust.AccessList
}

// A Way is what an account meets on its way to a file, with links followed as the
// kernel follows them. What the caller may not look at is not told.
type Way struct {
	Barriers []Barrier // folders that the account may not pass, and last the file that it may not use
	Lacks    string    // where nothing is there, the name in whose place that is; empty otherwise
	Link     string    // the last link that was followed, empty for none
	Dangles  bool      // what is not there is where the link leads to
	Real     string    // the file, or the last of what is there on the way to it
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

// Way goes the way to a file as an account that wants something of it, 0 for nothing
// but that it is there. The path is absolute. What is below a file is left out.
func (r *Rights) Way(file string, who trust.Account, wanted Permission) Way {
	r.mu.Lock()
	defer r.mu.Unlock()
	way := Way{Real: "/"}
	rest := parts(file)
	behind := len(rest) // the parts that follow the last link
	for links := 0; len(rest) > 0; {
		at := r.look(way.Real)
		if at.info == nil || !at.info.IsDir() {
			break
		}
		r.bar(&way, at, who, ToEnter)
		next := path.Join(way.Real, rest[0])
		found := r.look(next)
		switch {
		case rest[0] == "..":
			way.Real, rest = path.Dir(way.Real), rest[1:]
			continue
		case found.lacks:
			way.Lacks, way.Dangles = next, way.Link != "" && len(rest) > behind
			return way
		case found.info == nil || links > maxLinks:
			return way
		case found.target == "":
			way.Real, rest = next, rest[1:]
			continue
		}
		links, way.Link, behind = links+1, next, len(rest)-1
		if path.IsAbs(found.target) {
			way.Real = "/"
		}
		rest = append(parts(found.target), rest[1:]...)
	}
	last := r.look(way.Real)
	if last.info != nil && last.info.IsDir() {
		wanted |= ToEnter
	}
	r.bar(&way, last, who, wanted)
	return way
}

// parts are the names on a way, those that lead nowhere left out.
func parts(name string) []string {
	return slices.DeleteFunc(strings.Split(name, "/"), func(part string) bool { return part == "" || part == "." })
}

// look looks at what has a name without links.
func (r *Rights) look(name string) *entry {
	if known := r.seen[name]; known != nil {
		return known
	}
	found := &entry{}
	r.seen[name] = found
	look := os.Lstat
	if name == "/" { // the folder that stands for it may be named by a link
		look = os.Stat
	}
	info, err := look(r.root.At(name))
	switch {
	case os.IsNotExist(err):
		found.lacks = true
	case err != nil:
	case info.Mode()&fs.ModeSymlink != 0:
		if found.target, err = os.Readlink(r.root.At(name)); err == nil {
			found.info = info
		}
	default:
		found.info, found.list = info, trust.ReadAccessList(r.root.At(name))
	}
	return found
}

// bar adds a barrier where the account may not do what is wanted with what it has come
// to.
func (r *Rights) bar(way *Way, at *entry, who trust.Account, wanted Permission) {
	barrier, found := r.barrier(way.Real, at, who, wanted)
	isKnown := func(known Barrier) bool { return known.At == barrier.At && known.Lacking == barrier.Lacking }
	if found && !slices.ContainsFunc(way.Barriers, isKnown) {
		way.Barriers = append(way.Barriers, barrier)
	}
}

// barrier tells whether something keeps an account out, by its access control list or
// its mode. A group that the files of accounts do not know may have the account as a
// member.
func (r *Rights) barrier(name string, at *entry, who trust.Account, wanted Permission) (Barrier, bool) {
	if at.info == nil || who.UID == 0 {
		return Barrier{}, false
	}
	uid, gid, known := OwnerOf(at.info)
	if !known {
		return Barrier{}, false
	}
	mode := at.info.Mode()
	b := Barrier{At: name, IsFolder: mode.IsDir(), Mode: mode, UID: uid, GID: gid, Class: 'o'}
	bits := Permission(mode.Perm())
	switch granted, byList := at.list.Bits(who, uid, gid); {
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
