package installer

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Surroundings are the environment and the folders in which settings of pip
// and uv are looked for.
type Surroundings struct {
	Getenv func(string) string
	Dir    string       // current folder, for the settings of a project
	Home   string       // the user's; empty when there is none
	Root   string       // what stands for "/", for tests; empty for "/" itself
	Venv   string       // folder of the virtualenv
	Tell   func(string) // is told of settings that root passes over; may be nil
}

// HostSurroundings are those of this process.
func HostSurroundings(venv string) Surroundings {
	dir, _ := os.Getwd() // without one, no project has settings
	return Surroundings{Getenv: os.Getenv, Dir: dir, Home: homeFolder(), Venv: venv}
}

// at is an absolute path as seen from the root.
func (s Surroundings) at(path string) string { return filepath.Join(s.Root, path) }

// withHome is a path whose "~/" stands for the user's folder.
func (s Surroundings) withHome(path string) string {
	if inside, ok := strings.CutPrefix(path, "~/"); ok && s.Home != "" {
		return filepath.Join(s.Home, inside)
	}
	return path
}

// userConfig is the user's folder of configuration (XDG base directories).
func (s Surroundings) userConfig() string {
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
func (s Surroundings) systemConfigs() []string {
	dirs := filepath.SplitList(s.Getenv("XDG_CONFIG_DIRS"))
	if len(dirs) == 0 {
		dirs = []string{"/etc/xdg"}
	}
	for i := range dirs {
		dirs[i] = s.at(dirs[i])
	}
	return dirs
}

func (s Surroundings) onMac() bool { return runtime.GOOS == "darwin" }
