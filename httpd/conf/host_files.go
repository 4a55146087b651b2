package conf

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// Exists tells whether there is a file or folder of that name on the host that
// the configuration is of, as far as its files are here.
func (c *Config) Exists(name string) bool { return c.files.exists(name) }

// Lacks tells whether nothing of that name is on that host, where its files are here. What
// may not be looked at neither exists nor is it lacking.
func (c *Config) Lacks(name string) bool { return c.files.lacks(name) }

// IsFolder tells whether a name is that of a folder on that host.
func (c *Config) IsFolder(name string) bool { return c.files.isFolder(name) }

// IsFile tells whether a name is that of a regular file on that host.
func (c *Config) IsFile(name string) bool { return c.files.isFile(name) }

// SymbolicLink is what is known of a symbolic link.
type SymbolicLink struct {
	Is        bool // it is one
	IsBroken  bool // it leads nowhere
	SameOwner bool // it belongs to whom that belongs to which it leads to
}

// SymbolicLinkAt tells of a symbolic link of that name on that host; of what is none the zero
// value.
func (c *Config) SymbolicLinkAt(name string) SymbolicLink {
	var link, target unix.Stat_t
	here := path.Join(c.files.path(path.Dir(name)), path.Base(name))
	if unix.Lstat(here, &link) != nil || link.Mode&unix.S_IFMT != unix.S_IFLNK {
		return SymbolicLink{}
	}
	if unix.Stat(c.files.path(name), &target) != nil {
		return SymbolicLink{Is: true, IsBroken: true}
	}
	return SymbolicLink{Is: true, SameOwner: link.Uid == target.Uid}
}

// Path is where a file of that host is on this machine: below Options.Root.
func (c *Config) Path(name string) string { return c.files.path(name) }

// List are the entries of a folder of that host, none where it is not here.
func (c *Config) List(folder string) []fs.DirEntry {
	entries, err := c.files.list(folder)
	if err != nil {
		return nil
	}
	return entries
}

// Size is how many bytes a file of that host has, 0 where it is not here.
func (c *Config) Size(name string) int64 {
	info, err := os.Stat(c.files.path(name))
	if err != nil {
		return 0
	}
	return info.Size()
}

// ReadFile gives what a regular file of that host holds, of at most limit bytes.
// It is read once, and counts towards [MaxText].
func (c *Config) ReadFile(name string, limit int64) (string, error) {
	v := visitor{files: c.files}
	defer v.leave()
	content, _, err := v.read(name, false, limit, &content{})
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, withoutPath(err))
	}
	return content.text, nil
}

// HasRead tells whether a file was read, by any of its names. The path is one of
// this machine.
func (c *Config) HasRead(path string) bool {
	var file unix.Stat_t
	return unix.Stat(path, &file) == nil && c.files.hasRead(identityOf(file))
}

// Environment is that of the httpd process, as far as the options tell it: do
// not change it.
func (c *Config) Environment() map[string]string { return c.environment }

// IsIn tells whether a path is a folder or below it; both are clean, but for a slash
// at the end of the folder.
func IsIn(name, folder string) bool {
	return name == folder || strings.HasPrefix(name, strings.TrimSuffix(folder, "/")+"/")
}

// IsBelow tells whether a path is strictly below another.
func IsBelow(name, above string) bool {
	name, above = clean(name), clean(above)
	rest, isPrefix := strings.CutPrefix(name, above)
	switch {
	case name == above:
		return false
	case above == "/":
		return true
	}
	return isPrefix && rest[0] == '/'
}

// clean is path.Clean, at once where there is nothing to clean, as nearly always.
func clean(name string) string {
	if len(name) < 2 || name[0] != '/' || name[len(name)-1] == '/' {
		return path.Clean(name)
	}
	for i := 1; i < len(name); i++ {
		if name[i-1] == '/' && (name[i] == '/' || name[i] == '.') {
			return path.Clean(name)
		}
	}
	return name
}
