package detect

import (
	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/trust"
)

// barrier is the first folder on the way to path that the account may not enter,
// or path's own target if it may not read that. Empty when nothing is in the way,
// or when the caller itself cannot see enough to tell.
func (t tree) barrier(path string, who trust.Account) string {
	return t.barrierTo(path, who, hostfiles.ToRead)
}

// barrierTo is barrier for something else than reading path's own target.
func (t tree) barrierTo(path string, who trust.Account, wanted hostfiles.Permission) string {
	if barriers := t.Rights().Route(path).Barriers(who, wanted); len(barriers) > 0 {
		return barriers[0].At
	}
	return ""
}
