package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/verbose"
	"github.com/wsgictl/wsgictl/wsgi"
)

// httpdLimit is how long "httpd -t" may take: it reads the whole
// configuration.
const httpdLimit = time.Minute

// httpdSays is why the host's httpd refuses one of the configurations that the
// audit is about; nil when it accepts them. Parts of a configuration, and
// files of other hosts, cannot be asked about. Where httpd is not asked, say is
// told why.
func (c auditCommand) httpdSays(ctx context.Context, say func(string)) error {
	if !c.Fix || c.Root != "" {
		return nil
	}
	names := c.Paths
	if len(names) == 0 {
		names = []string{""}
	}
	var errs []error
	for _, name := range names {
		errs = append(errs, c.testConfiguration(ctx, name, say))
	}
	return errors.Join(errs...)
}

// testConfiguration runs "httpd -t" on a whole server's configuration.
func (c auditCommand) testConfiguration(ctx context.Context, name string, say func(string)) error {
	config, err := c.read(ctx, name)
	if err != nil || !config.Complete || config.IsOfAnotherHost() {
		return nil //nolint:nilerr // what cannot be read is told by the audit itself
	}
	server, err := c.server()
	if err != nil || server == nil {
		return nil //nolint:nilerr // nothing here can test it
	}
	var options conf.Options
	file, err := c.locate(name, &options)
	if err != nil {
		return err
	}
	view := wsgi.Look(config, modwsgi.Release{}, nil)
	view.Start = c.start(config, server.Path)
	owner, foreign, err := testedBy(view)
	if err != nil {
		say(fmt.Sprintf("%s -t is not run on %s: %v", server.Path, file, err))
		return nil
	}
	words := []string{server.Path, "-t", "-f", file, "-d", options.ServerRoot}
	for _, define := range c.Define {
		words = append(words, "-D"+define)
	}
	if foreign {
		return c.testAs(ctx, owner, words, view.Start.Envvars)
	}
	return testHTTPD(ctx, words, config.Environment())
}

// testedBy is the one account beside root that can change what "httpd -t" would
// read and load, and so would have it run as root. The error says why nobody is.
// Who is not root was let into what he tests.
func testedBy(view *wsgi.View) (owner trust.Account, foreign bool, err error) {
	if os.Geteuid() != 0 {
		return trust.Account{}, false, nil
	}
	if view.Start == nil || len(view.Config.Unread) > 0 || len(view.Config.Errors()) > 0 {
		return trust.Account{}, false, errors.New("what it would read as root is not known in full")
	}
	var way trust.Way
	for _, e := range audit.ExposedOf(view) {
		if e.AtTest {
			way.Holes = append(way.Holes, e.Way.Holes...)
		}
	}
	who, open := way.Accounts()
	if open || len(who) > 1 {
		return trust.Account{}, true, fmt.Errorf("%s can change what it would read and load (WC213)", trust.Hole{Who: who, Open: open}.Names())
	}
	if len(who) == 1 {
		return who[0], true, nil
	}
	return trust.Account{}, false, nil
}

// testHTTPD runs a command line as it is.
func testHTTPD(ctx context.Context, words []string, environment map[string]string) error {
	ctx, cancel := context.WithTimeout(ctx, httpdLimit)
	defer cancel()
	command := exec.CommandContext(ctx, words[0], words[1:]...)
	command.Env = assignments(environment)
	trust.EndWhole(command)
	output, err := verbose.CombinedOutput(ctx, command)
	if err != nil {
		return fmt.Errorf("%s -t: %w\n%s", words[0], trust.HowEnded(ctx, err), strings.TrimSpace(string(output)))
	}
	return nil
}

// testAs runs a command line as the account whose files it reads, with the
// variables of a file as far as that account can read it.
func (c auditCommand) testAs(ctx context.Context, owner trust.Account, words []string, envvars string) error {
	var variables map[string]string
	if envvars != "" {
		text, err := owner.Run(ctx, trust.Job{Program: "/bin/cat", Args: []string{envvars}})
		if err == nil {
			variables = c.variables(string(text), nil)
		}
	}
	output, err := owner.Run(ctx, trust.Job{
		Program: "/bin/sh", Args: append([]string{"-c", `exec "$@" 2>&1`, "sh"}, words...),
		Environment: assignments(variables), Limit: httpdLimit,
	})
	if err != nil {
		return fmt.Errorf("%s -t as %s: %w\n%s", words[0], owner, err, strings.TrimSpace(string(output)))
	}
	return nil
}

func assignments(variables map[string]string) []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		list = append(list, name+"="+variables[name])
	}
	return list
}

// sameRefusal tells whether httpd has no more against fixed files than it had
// before: by then its lines have other numbers.
func sameRefusal(before, after error) bool {
	return before != nil && lineNumber.ReplaceAllString(before.Error(), "line") == lineNumber.ReplaceAllString(after.Error(), "line")
}

var lineNumber = regexp.MustCompile(`line \d+`)
