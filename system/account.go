package system

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
)

// accountCommands make an account and a group of that name for a service, on
// one family of systems each: the first that is there is used. The account has
// no home folder of its own and nobody can log in by it.
var accountCommands = []struct {
	create []string
	remove string
}{
	{[]string{"useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"}, "userdel"},
	{[]string{"adduser", "-S", "-D", "-H", "-h", "/nonexistent", "-s", "/sbin/nologin"}, "deluser"},  // Alpine
	{[]string{"pw", "useradd", "-d", "/nonexistent", "-s", "/usr/sbin/nologin", "-n"}, "pw userdel"}, // FreeBSD
}

// CreateAccount makes an account that daemon processes can run as, and gives
// the command that takes it away again.
func CreateAccount(ctx context.Context, name string) (undo string, err error) {
	for _, commands := range accountCommands {
		path, err := exec.LookPath(commands.create[0])
		if err != nil {
			continue
		}
		output, err := exec.CommandContext(ctx, path, append(commands.create[1:], name)...).CombinedOutput()
		if err != nil {
			return "", fmt.Errorf("create account %s: %w: %s", name, err, bytes.TrimSpace(output))
		}
		return commands.remove + " " + name, nil
	}
	return "", errors.New("create account " + name + ": there is no useradd, adduser or pw; create it by hand")
}
