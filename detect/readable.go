package detect

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/trust"
)

// Permission bits asked for.
const (
	toRead  = 4
	toEnter = 1
)

// barrier walks from the root to path, following links as the kernel does,
// and gives the first folder that the account may not enter, or path's own
// target if it may not read that. Empty when nothing is in the way, or when
// the caller itself cannot see enough to tell.
func (t tree) barrier(path string, who trust.Account) string { return t.barrierTo(path, who, toRead) }

// barrierTo is barrier for something else than reading path's own target.
func (t tree) barrierTo(path string, who trust.Account, wanted int) string {
	if who.UID == 0 {
		return ""
	}
	links := 0
	at := "/"
	rest := strings.Split(strings.Trim(filepath.Clean(path), "/"), "/")
	for len(rest) > 0 {
		next := filepath.Join(at, rest[0])
		if allowed, known := t.allows(at, who, toEnter); known && !allowed {
			return at
		}
		target, err := os.Readlink(t.At(next))
		switch {
		case err == nil && links < 40:
			links++
			if filepath.IsAbs(target) {
				at = "/"
			}
			rest = append(strings.Split(strings.Trim(filepath.Clean(target), "/"), "/"), rest[1:]...)
		case rest[0] == "..":
			at, rest = filepath.Dir(at), rest[1:]
		default:
			at, rest = next, rest[1:]
		}
	}
	if t.IsDir(at) {
		wanted |= toEnter
	}
	if allowed, known := t.allows(at, who, wanted); known && !allowed {
		return at
	}
	return ""
}
