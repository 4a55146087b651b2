package httpdconf

import (
	"io/fs"
	"os"
)

// Exists tells whether there is a file or folder of that name on the host that
// the configuration is of, as far as its files are here.
func (c *Config) Exists(name string) bool { return c.files.exists(name) }

// IsFolder tells whether a name is that of a folder on that host.
func (c *Config) IsFolder(name string) bool { return c.files.isFolder(name) }

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

// ReadFile reads a file of that host.
func (c *Config) ReadFile(name string) ([]byte, error) { return os.ReadFile(c.files.path(name)) }

// Environment is that of the httpd process, as far as the options tell it: do
// not change it.
func (c *Config) Environment() map[string]string { return c.environment }
