package cli

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
)

// Set by the linker (-X github.com/wsgictl/wsgictl/cli.release=1.0.0); a plain "go build" leaves them
// empty and the build's own record answers.
var (
	release string
	commit  string
)

type versionCommand struct {
	JSON bool `help:"Print a JSON object."`
}

// Help is the long form of the command's help.
func (versionCommand) Help() string {
	return `Example:
  wsgictl version --json`
}

// build is what "version --json" prints.
type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Go      string `json:"go"`
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

func currentBuild() build {
	b := build{Version: release, Commit: commit, Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if b.Version == "" {
		b.Version = info.Main.Version
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && b.Commit == "" {
			b.Commit = setting.Value
		}
	}
	if b.Commit == "" {
		b.Commit = "unknown"
	}
	return b
}
