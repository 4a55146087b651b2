//go:build !linux

package detect

import "errors"

func setAccessList(string, []byte) error { return errors.ErrUnsupported }
