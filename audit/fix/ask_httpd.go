package fix

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/verbose"
	"github.com/wsgictl/wsgictl/wsgi"
)

// httpdLimit is how long "httpd -t" may take: it reads the whole
// configuration.
const httpdLimit = time.Minute

// askHTTPD gives why httpd refuses one of the configurations; nil when it accepts
// them. Parts of a configuration, and files of other hosts, cannot be asked about.
// Where httpd is not asked, say is told why.
func (r Request) askHTTPD(ctx context.Context, say func(string)) (refusal, err error) {
	return unlessDone(ctx, func() (error, error) {
		var refusals []error
		for _, name := range r.Subject.Names {
			s, err := serverOf(name)
			if err != nil {
				return nil, err
			}
			if s != nil {
				refusals = append(refusals, s.test(ctx, say))
			}
		}
		return errors.Join(refusals...), nil
	})
}

// A server is one of this machine whose configuration is fixed.
type server struct {
	installed.Named
	config     *conf.Config // a whole one
	start      *installed.Start
	file, root string // the main configuration file, and the server root that httpd is given
}

// serverOf is the server whose configuration was named; nil where there is none here.
func serverOf(name installed.Named) (*server, error) {
	if !name.Root.IsHere() {
		return nil, nil
	}
	config, err := name.Read()
	if err != nil || !config.Complete || config.IsOfAnotherHost() {
		return nil, nil //nolint:nilerr // what cannot be read is told by the audit itself
	}
	apache, err := name.Server()
	if err != nil || apache == nil {
		return nil, nil //nolint:nilerr // nothing here can test it
	}
	start := name.Start(config, apache.Path)
	if start == nil {
		return nil, nil // nobody knows what it would read
	}
	file, options, err := name.Locate()
	if err != nil {
		return nil, err
	}
	root, err := filepath.Abs(options.ServerRoot)
	return &server{name, config, start, file, root}, err
}

// stillAccepted asks httpd about the fixed files.
func (r Request) stillAccepted(ctx context.Context, before error) error {
	after, err := r.askHTTPD(ctx, func(string) {}) // it was said before
	switch {
	case err != nil:
		return err
	case after == nil:
		return nil
	case sameRefusal(before, after):
		r.Subject.Say(fmt.Sprintf("httpd cannot tell whether the fixes are right, since it refused the configuration before: %v", before))
		return nil
	}
	return fmt.Errorf("httpd refuses the fixed configuration: %w", after)
}

// test runs "httpd -t".
func (s *server) test(ctx context.Context, say func(string)) error {
	words := []string{s.start.Program, "-t", "-f", s.file, "-d", s.root}
	for _, define := range s.Options.Defines {
		words = append(words, "-D"+define.String())
	}
	owner, foreign, err := s.testedBy()
	if err != nil {
		say(fmt.Sprintf("%s -t is not run on %s: %v; where you trust what it reads, run it yourself: %s", s.start.Program, s.file, err, s.byHand(words)))
		return nil
	}
	if foreign {
		return s.testAs(ctx, owner, words)
	}
	return testHTTPD(ctx, words, s.config.Environment())
}

// byHand is the command line by which a person runs it.
func (s *server) byHand(words []string) string {
	var quoted []string
	for _, word := range words {
		quoted = append(quoted, detect.ShellArgument(word))
	}
	line := strings.Join(quoted, " ")
	if s.start.Envvars != "" {
		line = fmt.Sprintf("(set -a; . %s; %s)", detect.ShellArgument(s.start.Envvars), line)
	}
	return line
}

// testedBy is the one account beside root that can change what "httpd -t" would
// read and load, and so would have it run as root. The error says why nobody is.
// Who is not root was let into what he tests.
func (s *server) testedBy() (owner trust.Account, foreign bool, err error) {
	if os.Geteuid() != 0 {
		return trust.Account{}, false, nil
	}
	view := wsgi.Look(s.config, modwsgi.Release{}, nil)
	view.Start = s.start
	if unknown := notKnown(view.Config); unknown != "" {
		return trust.Account{}, false, fmt.Errorf("what it would read as root is not known in full, since %s", unknown)
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

// notKnown is why it is not known what httpd would read: what could not be read, or the
// first of the errors behind which it may go on in another way; "" for nothing.
func notKnown(config *conf.Config) string {
	if len(config.Unread) > 0 {
		link := config.Unread[0]
		return fmt.Sprintf("%s:%d (%s) could not be read in full", link.Pos.File, link.Pos.Line, link.Directive)
	}
	if all := config.Errors(); len(all) > 0 {
		return fmt.Sprintf("%s:%d has an error: %s", all[0].Pos.File, all[0].Pos.Line, all[0].Message)
	}
	return ""
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
// variables of envvars as far as that account can read it.
func (s *server) testAs(ctx context.Context, owner trust.Account, words []string) error {
	var variables map[string]string
	if s.start.Envvars != "" {
		text, err := owner.Run(ctx, trust.Job{Program: "/bin/cat", Args: []string{s.start.Envvars}})
		if err == nil {
			variables = s.Variables(string(text), nil)
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
