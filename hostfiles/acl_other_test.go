//go:build !linux

package hostfiles

import "errors"

func setAccessList(string, []byte) error { return errors.ErrUnsupported }
