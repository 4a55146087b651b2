package request

// How many bytes are read of files that others wrote.
const (
	maxMap    = 64 << 20 // of a RewriteMap
	maxTypes  = 4 << 20  // of the file of TypesConfig
	maxPasswd = 16 << 20 // /etc/passwd
)
