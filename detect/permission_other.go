//go:build !unix

package detect

import "github.com/wsgictl/wsgictl/trust"

func (t tree) allows(string, trust.Account, int) (allowed, known bool) { return false, false }
