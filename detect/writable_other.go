//go:build !unix

package detect

// writable cannot be answered without writing; such hosts are refused earlier.
func (t tree) writable(dir string) bool { return t.isDir(dir) }
