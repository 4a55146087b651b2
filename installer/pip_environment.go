package installer

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// A PipEnvironment is the environment and the folders in which settings of pip
// and uv are looked for.
type PipEnvironment struct {
	Getenv func(string) string
	Dir    string       // current folder, for the settings of a project
	Home   string       // the user's; empty when there is none
	Root   string       // what stands for "/", for tests; empty for "/" itself
	Venv   string       // folder of the virtualenv
	Tell   func(string) // is told of settings that root passes over; may be nil
}

// HostPipEnvironment is that of this process.
func HostPipEnvironment(venv string) PipEnvironment {
	dir, _ := os.Getwd() // without one, no project has settings
	return PipEnvironment{Getenv: os.Getenv, Dir: dir, Home: homeFolder(), Venv: venv}
}

// at is an absolute path as seen from the root.
func (s PipEnvironment) at(path string) string { return filepath.Join(s.Root, path) }

// withHome is a path whose "~/" stands for the user's folder.
func (s PipEnvironment) withHome(path string) string {
	if inside, ok := strings.CutPrefix(path, "~/"); ok && s.Home != "" {
		return filepath.Join(s.Home, inside)
	}
	return path
}

// userConfig is the user's folder of configuration (XDG base directories).
func (s PipEnvironment) userConfig() string {
	if dir := s.Getenv("XDG_CONFIG_HOME"); dir != "" {
		return dir
	}
	if s.Home == "" {
		return ""
	}
	return filepath.Join(s.Home, ".config")
}

// systemConfigs are the system's folders of configuration, the most important
// first.
func (s PipEnvironment) systemConfigs() []string {
	dirs := filepath.SplitList(s.Getenv("XDG_CONFIG_DIRS"))
	if len(dirs) == 0 {
		dirs = []string{"/etc/xdg"}
	}
	for i := range dirs {
		dirs[i] = s.at(dirs[i])
	}
	return dirs
}

func (s PipEnvironment) onMac() bool { return runtime.GOOS == "darwin" }
