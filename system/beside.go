package system

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
)

// bringBeside wants the mod_wsgictl beside the mod_wsgi that Apache is to load. That of
// the declaration comes in the place of one that others brought where this very
// wsgictl builds it so: it is the newer one then, and declarations do not take turns.
func (d *declaring) bringBeside() {
	own, stays := d.Module.Beside, d.module.beside != ""
	switch {
	case len(own) > 0 && (!stays || installer.IsOfThis(own)):
		d.module.beside = modwsgi.Beside(d.module.path)
		d.files[d.module.beside] = Want{PathState: store.NewFile(own, 0o644), Rank: rankFile}
	case !stays:
		d.notes = append(d.notes, fmt.Sprintf("Note: %s. None lies beside %s: wsgictl install-module builds both.", installer.WithoutBeside, d.Module.Path))
		d.isWithoutBeside = true
		return
	}
	d.bringSpool()
}

// bringSpool wants the folder of what mod_wsgictl keeps in files, which it only uses
// where it is closed to everybody but Apache's User. Where that could not write there,
// each larger body would be answered with 503, so that none is wanted then.
func (d *declaring) bringSpool() {
	folder := d.spoolFolder()
	spool := store.NewFolder(0o700)
	trouble := d.spoolTrouble(folder, &spool)
	if trouble != "" {
		d.module.spool = ""
		d.notes = append(d.notes, fmt.Sprintf("mod_wsgictl keeps no more than 64 kB of what a client is slow to send or to read, and nothing in files: %s.", trouble))
		return
	}
	d.module.spool = folder
	d.files[folder] = Want{PathState: spool, Rank: rankFolder}
}

// spoolFolder is one for each Apache, beside what is remembered of it.
func (m Manager) spoolFolder() string { return m.History.Path() + ".spool" }

// spoolTrouble says why Apache's processes could not use the folder; else it gives it
// to their account.
func (d *declaring) spoolTrouble(folder string, spool *store.PathState) string {
	if os.Geteuid() != 0 {
		return "" // they are the caller's
	}
	uid, gid, known := accountOf(d.User)
	switch {
	case !known:
		return fmt.Sprintf("the User of its processes, %q, is no account of this host", d.User)
	case d.Confined:
		return "SELinux is enforcing, and no policy lets Apache write to " + folder
	case d.AppArmor == "enforce":
		return "AppArmor confines Apache, which may not write to " + folder
	}
	if closed := closedTo(uid, filepath.Dir(folder)); closed != "" {
		return fmt.Sprintf("%s is closed to %s, the User of its processes", closed, d.User)
	}
	spool.UID, spool.GID = uid, gid
	return ""
}

// A Beside is the mod_wsgictl that Apache is to load.
type Beside struct {
	Path    string // empty for none
	Spool   string // folder of what it keeps in files; empty for none
	IsOther bool   // its source is not the one that this wsgictl has
	Closed  string // why its folder cannot be used; empty where it can
}

// Beside looks at that of a generation.
func (m Manager) Beside(g Generation) (Beside, error) {
	inForce, err := m.moduleInForce(g.Managed)
	if err != nil || inForce == nil || inForce.beside == "" {
		return Beside{}, err
	}
	content, err := m.trusted.ReadFile(inForce.beside, moduleLimit)
	if err != nil {
		return Beside{}, fmt.Errorf("read mod_wsgictl: %w", err)
	}
	found := Beside{Path: inForce.beside, Spool: inForce.spool, IsOther: !installer.IsOfThis(content)}
	if found.Spool != "" {
		found.Closed = spoolClosed(found.Spool, m.User)
	}
	return found, nil
}

// What says what of it a person should know.
func (b Beside) What() string {
	var what string
	switch {
	case b.Closed != "":
		what = ", which keeps nothing in files: " + b.Closed
	case b.Spool == "":
		what = ", which keeps nothing in files"
	default:
		what = ", folder " + b.Spool
	}
	if b.IsOther {
		what += " (not as this wsgictl builds it: wsgictl install-module and apply bring that)"
	}
	return what
}

// spoolClosed says why mod_wsgictl does not use a folder that is not the account's alone.
func spoolClosed(folder, user string) string {
	info, err := os.Lstat(folder)
	if err != nil || !info.IsDir() {
		return folder + " is no folder"
	}
	uid, _, known := accountOf(user)
	owner, ok := info.Sys().(*syscall.Stat_t)
	if info.Mode().Perm()&0o077 != 0 || os.Geteuid() == 0 && known && ok && int(owner.Uid) != uid {
		return fmt.Sprintf("%s has to be of mode 0700 and %s's", folder, user)
	}
	return ""
}

// accountOf is a user as the directive User names it; "#33" need not be in any file.
func accountOf(name string) (uid, gid int, known bool) {
	if account, known := trust.HostAccounts().Lookup(name); known {
		return account.UID, account.Groups[0], true
	}
	number, isNumber := strings.CutPrefix(name, "#")
	uid, err := strconv.Atoi(number)
	return uid, uid, isNumber && err == nil && uid > 0
}

// closedTo is the first folder on the way to one, and with that, which an account cannot
// pass; empty where it can pass all that are there.
func closedTo(uid int, folder string) string {
	for _, path := range wayTo(folder) {
		info, err := os.Stat(path)
		if err != nil {
			continue // it is made so that everybody can
		}
		owner, ok := info.Sys().(*syscall.Stat_t)
		if info.Mode()&0o001 == 0 && !(ok && int(owner.Uid) == uid && info.Mode()&0o100 != 0) {
			return path
		}
	}
	return ""
}

// wayTo are the folders on the way to one, the root first, and that.
func wayTo(folder string) []string {
	if parent := filepath.Dir(folder); parent != folder {
		return append(wayTo(parent), folder)
	}
	return []string{folder}
}
