package cli

import (
	"encoding/json"
	"fmt"
)

type versionCommand struct {
	JSON bool `help:"Print a JSON object."`
}

// Help is the long form of the command's help.
func (versionCommand) Help() string {
	return `Example:
  wsgictl version --json`
}

func (c versionCommand) Run(s *streams) error {
	b := currentBuild()
	if c.JSON {
		encoder := json.NewEncoder(s.data)
		encoder.SetIndent("", "  ")
		return encoder.Encode(b)
	}
	_, err := fmt.Fprintf(s.stdout, "wsgictl %s (commit %s, %s)\n", b.Version, b.Commit, b.Go)
	return err
}
