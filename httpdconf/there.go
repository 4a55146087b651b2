package httpdconf

// Exists tells whether there is a file or folder of that name on the host that
// the configuration is of, as far as its files are here.
func (c *Config) Exists(name string) bool { return c.files.exists(name) }

// IsFolder tells whether a name is that of a folder on that host.
func (c *Config) IsFolder(name string) bool { return c.files.isFolder(name) }

// Path is where a file of that host is on this machine: below Options.Root.
func (c *Config) Path(name string) string { return c.files.path(name) }
