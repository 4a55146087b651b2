package audit

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/wsgi"
)

// Exposed is a use whose file somebody else than root can change.
type Exposed struct {
	Use
	Way trust.Way // with those holes alone that count
}

// ExposedOf are the uses as root whose files others can change: none where the
// files of the configuration are not those of this machine.
func ExposedOf(v *wsgi.View) []Exposed {
	if v.Start == nil {
		return nil
	}
	var found []Exposed
	looked := looker{}
	var lastPath string // all sites often write to one log
	var last trust.Way
	usesAsRoot(v, func(use Use) {
		if use.Path != lastPath {
			lastPath, last = use.Path, looked.lookAt(use)
		}
		way := last
		if len(way.Holes) > 0 && use.entry {
			way = wayToEntry(v, way)
		}
		if len(way.Holes) > 0 {
			found = append(found, Exposed{use, way})
		}
	})
	return found
}

// wayToEntry leaves out that others can change the file itself.
func wayToEntry(v *wsgi.View, way trust.Way) trust.Way {
	way = WayToLogs(way)
	if !v.Config.IsFolder(way.Path) {
		way.Holes = slices.DeleteFunc(way.Holes, func(hole trust.Hole) bool { return hole.At == way.Real })
	}
	return way
}

// systemLogs is where systems keep logs. On Ubuntu it belongs to root and the
// group syslog, whose one member is the account of the system's logger.
const systemLogs = "/var/log"

// WayToLogs leaves out of a way to a log, or to a folder of logs, that accounts
// can change the system's own folder of logs: distributions let their loggers.
func WayToLogs(way trust.Way) trust.Way {
	way.Holes = slices.DeleteFunc(slices.Clone(way.Holes), func(hole trust.Hole) bool {
		return hole.At == systemLogs && !hole.Open && way.Real != systemLogs
	})
	return way
}

// A looker tells who can change files. What it found of a folder it keeps, since
// most files of a large configuration lie in a few.
type looker map[string]trust.Way

// lookAt is look for a use. A file of the configuration was looked at when it was
// read: of 10,000 that takes a fortieth of the time of an audit.
func (l looker) lookAt(use Use) trust.Way {
	if use.file != nil && use.file.RootAlone && use.file.Name == use.Path {
		if way, ok := l.wayIn(use.Path); ok {
			return way
		}
	}
	return l.look(use.Path, 0)
}

// look is [trust.Look], with what holds for a file that is not there: who can
// make it. Where the file itself is root's, what was found of its folder holds
// for it.
func (l looker) look(name string, links int) trust.Way {
	if links > 8 {
		return whole(name)
	}
	way, ok := l.wayIn(name)
	if !ok {
		return whole(name)
	}
	open := len(way.Holes) > 0
	var stat unix.Stat_t
	switch err := unix.Lstat(way.Real, &stat); {
	case err == unix.ENOENT:
		return way
	case err != nil || stat.Uid != 0:
		return whole(name)
	case stat.Mode&unix.S_IFMT == unix.S_IFLNK && !open:
		return l.target(way, links)
	case stat.Mode&unix.S_IFMT == unix.S_IFLNK || stat.Mode&0o022 != 0:
		return whole(name)
	}
	return way
}

// wayIn is the way to a name in a folder, where that is also the way to the file
// as long as the file itself is root's alone, or not there.
func (l looker) wayIn(name string) (way trust.Way, ok bool) {
	dir := filepath.Dir(name)
	if dir == name {
		return trust.Way{}, false
	}
	folder := l.folder(dir)
	if folder.Real == "" || len(folder.Holes) > 0 && isSticky(folder.Real) { // which keeps what is in it
		return trust.Way{}, false
	}
	return trust.Way{Path: name, Real: filepath.Join(folder.Real, filepath.Base(name)), Holes: folder.Holes}, true
}

func isSticky(folder string) bool {
	info, err := os.Lstat(folder)
	return err == nil && info.Mode()&fs.ModeSticky != 0
}

// target looks at where a link of root's leads.
func (l looker) target(link trust.Way, links int) trust.Way {
	target, err := os.Readlink(link.Real)
	if err != nil || strings.Contains(strings.TrimLeft(target, "./"), "..") { // which may lead back out of a link
		return whole(link.Path)
	}
	if !filepath.IsAbs(target) {
		target = filepath.Join(filepath.Dir(link.Real), target)
	}
	return l.look(filepath.Clean(target), links+1)
}

// folder is look for a folder, which is looked at once.
func (l looker) folder(name string) trust.Way {
	way, known := l[name]
	if !known {
		way = l.look(name, 0)
		l[name] = way
	}
	return way
}

// whole goes the whole way.
func whole(name string) trust.Way {
	way, _ := trust.LookForUse(name) // what cannot be looked at further is not used either
	return way
}
