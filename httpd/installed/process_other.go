//go:build !unix

package installed

import "github.com/wsgictl/wsgictl/hostfiles"

func exists(int) bool { return false }

func commandName(hostfiles.Root, int) string { return "" }
