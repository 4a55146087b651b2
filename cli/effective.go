package cli

import (
	"context"
	"fmt"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/jsonreport"
)

type effectiveCommand struct {
	Path   string `arg:"" optional:"" help:"A configuration file, a server root, or - for standard input (default: the server of this host)."`
	Files  bool   `xor:"what" help:"Print the files that are read, as httpd -t -D DUMP_INCLUDES does."`
	Hosts  bool   `xor:"what" help:"Print the virtual hosts, as httpd -t -D DUMP_VHOSTS does."`
	Format string `enum:"text,json" default:"text" placeholder:"FORMAT" help:"How to print: text or json (default: text)."`
	readFlags
}

// Help is the long form of the command's help.
func (effectiveCommand) Help() string {
	return `Prints the configuration that a server would use, when includes, variables,
conditions and macros have done their work, byte for byte as
"httpd -t -D DUMP_CONFIG" prints it. No httpd is needed, and errors do not end
it: they are told on standard error, and the rest is printed.

Example:
  wsgictl effective
  wsgictl effective --root /mnt/image --format json
  wsgictl effective shop.conf -D staging --assume-module ssl_module`
}

func (c effectiveCommand) Run(ctx context.Context, s *streams) error {
	config, err := c.read(ctx, c.Path)
	if err != nil {
		return err
	}
	if err := c.write(s, config); err != nil {
		return err
	}
	c.explain(s, config)
	if len(config.Errors()) > 0 {
		return errFindings
	}
	return nil
}

func (c effectiveCommand) write(s *streams, config *conf.Config) error {
	switch {
	case c.Format == "json" && c.Files:
		return jsonreport.Write(s.data, newIncludesReport(config))
	case c.Format == "json" && c.Hosts:
		return jsonreport.Write(s.data, newHostsReport(config))
	case c.Format == "json":
		return writeEffectiveReport(s.data, config)
	case c.Files:
		return config.WriteIncludes(s.data)
	case c.Hosts:
		return config.WriteHosts(s.data, c.hostName())
	}
	return config.WriteDump(s.data)
}

// hostName is the name that a server without one takes: that of this host, or
// of another one, which is not known.
func (c effectiveCommand) hostName() string {
	if c.Root != "" {
		return "localhost"
	}
	return detect.HostName()
}

// explain tells on standard error what is wrong, and what is printed although
// it may not be in effect.
func (c effectiveCommand) explain(s *streams, config *conf.Config) {
	for _, d := range diagnostics(config) {
		fmt.Fprintln(s.stderr, d)
		if d.Severity == conf.Error {
			fmt.Fprintf(s.stderr, "  %s\n", d.Excerpt)
		}
		if d.Advice != "" {
			fmt.Fprintf(s.stderr, "  %s\n", d.Advice)
		}
	}
	for _, file := range config.Files {
		if n := file.Conditions(); n > 0 {
			fmt.Fprintf(s.stderr, "%s: notice: conditions of the template are taken as true: %d\n", file.Name, n)
		}
	}
	seen := map[*conf.Condition]bool{}
	for d := range config.All() {
		if u := d.Unknown; u != nil && !seen[u] {
			seen[u] = true
			fmt.Fprintf(s.stderr, "%v: notice: <%s> is taken as true: %s\n", u.Pos, u.Section, u.Reason)
		}
	}
}
