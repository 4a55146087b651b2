package request

// How many bytes are read of files that others wrote.
const (
	maxMap    = 64 << 20 // of a RewriteMap
	maxPasswd = 16 << 20 // /etc/passwd
)
