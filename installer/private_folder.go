package installer

import (
	"fmt"
	"os"

	"github.com/wsgictl/wsgictl/trust"
)

// privateFolder makes a folder for one run. Where TMPDIR leads root to a folder
// of somebody else's, they could put another one in its place.
func privateFolder(prefix string) (string, error) {
	dir, err := os.MkdirTemp("", prefix)
	if err != nil {
		return "", err
	}
	if err := trust.Deciders().Check(dir); err != nil {
		_ = os.Remove(dir)
		return "", fmt.Errorf("make a folder for temporary files: %w: name another one in TMPDIR", err)
	}
	return dir, nil
}
