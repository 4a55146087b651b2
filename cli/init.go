package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/intent"
)

type initCommand struct {
	projectFlags
	trustFlags
}

// Help is the long form of the command's help.
func (initCommand) Help() string {
	return `Writes a wsgictl.toml, with comments, from what is found in the current folder and
on this host. A file that is there stays. As root in a folder that others can
change, the file is one of /etc/wsgictl: it says what Apache does as root.

Example:
  wsgictl init --server-name shop.example.org`
}

func (c initCommand) Run(_ context.Context, s *streams) error {
	project := c.project()
	if intent.IsThere(project.File) {
		return usageError{intent.ThereAlready(project.File, c.Trust)}
	}
	text, err := project.Text(c.Trust)
	if err != nil {
		return usageError{err}
	}
	path, err := filepath.Abs(project.File)
	if err != nil {
		return err
	}
	if err := intent.Write(path, text, c.Trust); err != nil {
		return err
	}
	named := ""
	if project.File != intent.FileName {
		named = " --file " + detect.ShellArgument(project.File)
	}
	if c.ServerName == "" {
		fmt.Fprintf(s.stderr, "The site has the name of this host, %s, since --server-name gives none: change server-name where clients ask for another.\n", detect.HostName())
	}
	fmt.Fprintf(s.stderr, "%s Look at it, then: wsgictl plan%s\n", intent.Wrote(project.File), named)
	return nil
}
