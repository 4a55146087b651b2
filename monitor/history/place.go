package history

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/store"
)

// Folder is where the history of the monitor of a socket lies, unless somebody names
// another place: in the state folder that systemd gives a service, or else in that of
// the account (XDG Base Directory Specification).
func Folder(socket string) (string, error) {
	if given, _, _ := strings.Cut(os.Getenv("STATE_DIRECTORY"), ":"); given != "" {
		return filepath.Join(given, "history"), nil
	}
	state := store.UsersFolder()
	if state == "" {
		return "", errors.New("find a place for the history: neither $STATE_DIRECTORY nor $HOME says where")
	}
	absolute, err := filepath.Abs(socket)
	if err != nil {
		return "", fmt.Errorf("find a place for the history: %w", err)
	}
	return filepath.Join(state, "monitor", strings.ReplaceAll(strings.Trim(absolute, "/"), "/", "-")), nil
}
