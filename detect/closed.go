package detect

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/trust"
)

// closed says who keeps a path from the caller, and by which folder; empty where
// the caller may look at it, or it is not there.
func (t tree) closed(path string) string {
	if _, err := os.Stat(t.At(path)); !errors.Is(err, fs.ErrPermission) {
		return ""
	}
	who := trust.HostAccounts().ByUID(os.Getuid())
	folder := t.barrier(path, who)
	info, err := os.Stat(t.At(folder))
	if folder == "" || err != nil {
		return fmt.Sprintf("%s may not look at %s", who, path)
	}
	closed := fmt.Sprintf("%s is closed to %s", folder, who)
	if owner, _, known := hostfiles.OwnerOf(info); known {
		closed = fmt.Sprintf("%s, which belongs to %s, is closed to %s", folder, trust.HostAccounts().ByUID(owner), who)
	}
	return closed + "; use a Python that all may read, such as /usr/bin/python3, or have the folder opened (chmod o+x)"
}
