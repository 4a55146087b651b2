package installer

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// keyringLimit bounds how long keyring may take: it may ask a person to
// unlock the store.
const keyringLimit = time.Minute

// A keyring is the program of that name, which keeps passwords by service and
// user. pip asks it (keyring-provider) for the password of a user whom an
// address names without one, and so does wsgictl.
type keyring struct {
	program string
	indexes []*url.URL
}

// findKeyring looks in the virtualenv and on PATH; nil is none.
func (s Surroundings) findKeyring(indexes []string) *keyring {
	program := filepath.Join(s.Venv, "bin", "keyring")
	if info, err := os.Stat(program); s.Venv == "" || err != nil || info.IsDir() {
		if program, err = exec.LookPath("keyring"); err != nil {
			return nil
		}
	}
	k := &keyring{program: program}
	for _, text := range indexes {
		if index, err := url.Parse(strings.TrimSuffix(text, "/") + "/"); err == nil {
			k.indexes = append(k.indexes, index)
		}
	}
	return k
}

// login completes a user who has no password by the one that is kept for the
// address: under an index on its host, else under the host.
func (k *keyring) login(ctx context.Context, address *url.URL, user *url.Userinfo) *url.Userinfo {
	if k == nil || user == nil {
		return nil
	}
	if _, known := user.Password(); known {
		return nil
	}
	for _, service := range append(k.services(address), address.Host) {
		if password := k.password(ctx, service, user.Username()); password != "" {
			return url.UserPassword(user.Username(), password)
		}
	}
	return nil
}

// services are the indexes on the address's host, without their logins.
func (k *keyring) services(address *url.URL) []string {
	var services []string
	for _, index := range k.indexes {
		if index.Scheme == address.Scheme && index.Host == address.Host {
			services = append(services, redacted(index))
		}
	}
	return services
}

// password is empty when none is kept.
func (k *keyring) password(ctx context.Context, service, user string) string {
	ctx, cancel := context.WithTimeout(ctx, keyringLimit)
	defer cancel()
	command := exec.CommandContext(ctx, k.program, "get", service, user)
	command.Env = append(os.Environ(), "PYTHONIOENCODING=utf-8")
	output, err := command.Output()
	if err != nil {
		return ""
	}
	return strings.TrimRight(string(output), "\r\n")
}
