package express

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// localFileSystems are those whose files the kernel can send by itself from its
// cache. Of a network file system it may send what has changed elsewhere since,
// and some of those that pass a host's folders to a guest send wrong bytes.
var localFileSystems = map[string]bool{
	"btrfs": true, "ext2": true, "ext3": true, "ext4": true, "f2fs": true, "overlay": true, "tmpfs": true, "xfs": true, "zfs": true,
}

// A mount is a file system and the folder where it is seen.
type mount struct{ folder, kind string }

// mounts gives those of this process; none where the system does not tell as
// Linux does.
func mounts() []mount {
	text, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil
	}
	return parseMounts(string(text))
}

// parseMounts reads the lines of proc_pid_mountinfo(5): the fifth word is the
// folder, and the one behind the lone dash the kind.
func parseMounts(text string) []mount {
	var list []mount
	for line := range strings.Lines(text) {
		before, after, found := strings.Cut(line, " - ")
		place, kind := strings.Fields(before), strings.Fields(after)
		if found && len(place) >= 5 && len(kind) > 0 {
			list = append(list, mount{unescape.Replace(place[4]), kind[0]})
		}
	}
	return list
}

// unescape gives back what would break a line into other words.
var unescape = strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)

// allLocal reports whether a folder, and every file system below it, is known
// to be local.
func allLocal(list []mount, folder string) bool {
	if real, err := filepath.EvalSymlinks(folder); err == nil {
		folder = real
	}
	holder := mount{}
	for _, m := range list {
		if conf.IsIn(folder, m.folder) && len(m.folder) >= len(holder.folder) {
			holder = m // of two at one folder, the later hides the other
		}
		if conf.IsIn(m.folder, folder) && !localFileSystems[m.kind] {
			return false
		}
	}
	return localFileSystems[holder.kind]
}
