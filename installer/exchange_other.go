//go:build !linux && !darwin

package installer

import (
	"errors"
	"os"
)

// exchange is not to be had here.
func exchange(*os.Root, string, string) error { return errors.ErrUnsupported }
