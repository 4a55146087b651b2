package installer

import (
	"io/fs"
	"os"
	"path"

	"golang.org/x/sys/unix"
)

// giveToOwner gives what root has written to the owner of the virtualenv, so
// that its owner can still change or remove it.
func (p *placing) giveToOwner() error {
	if os.Geteuid() != 0 {
		return nil
	}
	var owner unix.Stat_t
	if err := unix.Stat(p.venv.SitePackages, &owner); err != nil {
		return err
	}
	if owner.Uid == 0 && owner.Gid == 0 {
		return nil
	}
	uid, gid := int(owner.Uid), int(owner.Gid)
	if err := p.bin.Lchown(p.stage, uid, gid); err != nil {
		return err
	}
	return fs.WalkDir(p.sitePackages.FS(), p.stage, func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return p.sitePackages.Lchown(path.Clean(name), uid, gid)
	})
}
