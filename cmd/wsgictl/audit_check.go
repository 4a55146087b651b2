package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpdconf"
)

// httpdLimit is how long "httpd -t" may take: it reads the whole
// configuration.
const httpdLimit = time.Minute

// httpdSays is why the host's httpd refuses one of the configurations that the
// audit is about; nil when it accepts them. Parts of a configuration, and
// files of other hosts, cannot be asked about.
func (c auditCommand) httpdSays(ctx context.Context) error {
	if !c.Fix || c.Root != "" {
		return nil
	}
	names := c.Paths
	if len(names) == 0 {
		names = []string{""}
	}
	var errs []error
	for _, name := range names {
		errs = append(errs, c.testConfiguration(ctx, name))
	}
	return errors.Join(errs...)
}

// testConfiguration runs "httpd -t" on a whole server's configuration.
func (c auditCommand) testConfiguration(ctx context.Context, name string) error {
	config, err := c.read(ctx, name)
	if err != nil || !config.AllModules {
		return nil //nolint:nilerr // what cannot be read is told by the audit itself
	}
	host, err := detect.Detect(ctx, detect.Request{ServerOnly: true})
	if err != nil || host.Apache == nil {
		return nil //nolint:nilerr // nothing here can test it
	}
	var options httpdconf.Options
	file, err := c.locate(ctx, name, &options)
	if err == nil {
		err = c.addEnvironment(file, &options)
	}
	if err != nil {
		return err
	}
	return runHTTPD(ctx, host.Apache.Path, file, c.Define, options)
}

func runHTTPD(ctx context.Context, program, file string, defines []string, options httpdconf.Options) error {
	ctx, cancel := context.WithTimeout(ctx, httpdLimit)
	defer cancel()
	args := []string{"-t", "-f", file, "-d", options.ServerRoot}
	for _, define := range defines {
		args = append(args, "-D"+define)
	}
	command := exec.CommandContext(ctx, program, args...)
	command.Env = os.Environ()
	for name, value := range options.Environment {
		command.Env = append(command.Env, name+"="+value)
	}
	output, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s -t: %w\n%s", program, err, strings.TrimSpace(string(output)))
	}
	return nil
}
