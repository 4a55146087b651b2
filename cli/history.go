package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/jsonreport"
)

type historyCommand struct {
	systemFlags
	JSON bool `help:"Print a JSON object."`
}

// Help is the long form of the command's help.
func (historyCommand) Help() string {
	return `Lists the generations that wsgictl made, the newest first.

Example:
  wsgictl history`
}

func (c historyCommand) Run(ctx context.Context, s *streams) error {
	o, err := c.open(ctx, s, toLook)
	if err != nil {
		return err
	}
	unsettled, err := o.History.Unsettled()
	if err != nil {
		return err
	}
	if unsettled != "" {
		fmt.Fprintf(s.stderr, "pending: %s\n", unsettled)
	}
	all, err := o.History.Generations()
	if err != nil {
		return err
	}
	slices.Reverse(all)
	if c.JSON {
		return jsonreport.Write(s.data, map[string]any{"version": 1, "generations": all})
	}
	for i, g := range all {
		mark := " "
		if i == 0 {
			mark = "*"
		}
		sites := strings.Join(slices.Sorted(maps.Keys(g.Sites)), ", ")
		if sites == "" {
			sites = "no site"
		}
		if trusted := g.Trusts(""); len(trusted) > 0 {
			sites += " (trusted with root's rights: " + strings.Join(trusted, ", ") + ")"
		}
		command := g.Command
		if g.Of != "" {
			command += " of " + g.Of
		}
		fmt.Fprintf(s.stdout, "%s %3d  %s  %-14s %s\n", mark, g.Number, g.Time.Local().Format(time.DateTime), command, sites)
	}
	if len(all) == 0 {
		fmt.Fprintln(s.stdout, "Nothing was applied yet.")
	}
	return nil
}
