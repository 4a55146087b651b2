//go:build !linux

package system

// closing is no file: reloads are Apache's own.
func (a *Apache) closing() string { return "" }
