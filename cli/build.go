package cli

import (
	"runtime"
	"runtime/debug"
)

// Set by the linker (-X github.com/wsgictl/wsgictl/cli.release=1.0.0); a plain "go build" leaves them
// empty and the build's own record answers.
var (
	release string
	commit  string
)

// build is what "version --json" prints.
type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Go      string `json:"go"`
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
