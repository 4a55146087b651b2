//go:build !linux

package detect

func selinuxLabel(string) string { return "" }
