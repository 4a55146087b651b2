package installer

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/verbose"
)

// keyringLimit bounds how long keyring may take: it may ask a person to
// unlock the store.
const keyringLimit = time.Minute

// A keyring is the program of that name, which keeps passwords by service and
// user. pip asks it (keyring-provider) for the password of a user whom an
// address names without one, and so does wsgictl.
type keyring struct {
	program string
}

// findKeyring looks in the virtualenv and on PATH; nil is none. Root runs none
// that somebody else could change.
func (s PipEnvironment) findKeyring() *keyring {
	const belong = "a keyring of its own belongs on PATH"
	program := filepath.Join(s.Venv, "bin", "keyring")
	if s.Venv != "" && isProgram(program) && !s.passOver(program, trust.Deciders().Check(program), belong) {
		return &keyring{program: program}
	}
	program, err := trust.Deciders().LookPath("keyring")
	if untrusted := (*trust.Untrusted)(nil); errors.As(err, &untrusted) {
		s.passOver(untrusted.Path, untrusted, belong)
	}
	if err != nil {
		return nil
	}
	return &keyring{program: program}
}

func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// complete asks keyring for the password of a user who has none, under the
// settings' places on the address's host, else under the host. Only a user whom
// the settings name there is asked for: a page that names another would choose
// what is looked up, or give keyring an option in the place of a name.
func (l logins) complete(ctx context.Context, address *url.URL, user *url.Userinfo) *url.Userinfo {
	if l.keyring == nil || user == nil || hasPassword(user) {
		return nil
	}
	services := l.services(address, user.Username())
	if len(services) == 0 {
		return nil
	}
	for _, service := range append(services, address.Host) {
		if password := l.keyring.password(ctx, service, user.Username()); password != "" {
			return url.UserPassword(user.Username(), password)
		}
	}
	return nil
}

// services are the places on the address's host that name the user, as they are
// kept in a keyring: without a login.
func (l logins) services(address *url.URL, user string) []string {
	var services []string
	for _, place := range l.places {
		if mayTell(place, address) && place.User != nil && place.User.Username() == user {
			services = append(services, redacted(place))
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
	var output bytes.Buffer
	command.Stdout = &output
	err := verbose.RunAs(ctx, "", []string{k.program, "get", service, "..."}, command) // a user may be a token
	if err != nil {
		return ""
	}
	return strings.TrimRight(output.String(), "\r\n")
}
