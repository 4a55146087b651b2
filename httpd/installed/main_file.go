package installed

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/hostfiles"
)

// MainFileNames are those that a main configuration file has, in a server root or its
// folder conf.
func MainFileNames() []string {
	var names, inConf []string
	for _, row := range platforms {
		for _, file := range row.configFiles {
			if name := path.Base(file); !slices.Contains(names, name) {
				names, inConf = append(names, name), append(inConf, path.Join("conf", name))
			}
		}
	}
	return append(names, inConf...)
}

// MainFiles are the main configuration files of the families' own Apaches, that of the
// host's own distribution first.
func MainFiles(root hostfiles.Root) []string {
	var files []string
	for _, row := range platformsOn(root) {
		for _, file := range row.mainFiles() {
			if !slices.Contains(files, file) {
				files = append(files, file)
			}
		}
	}
	return files
}

// MainFile finds the main configuration file that a path names: the file itself, or the
// one in a server root.
func MainFile(root hostfiles.Root, name string) (file string, found bool) {
	name = path.Join("/", name)
	for _, candidate := range append([]string{""}, MainFileNames()...) {
		if file := path.Join(name, candidate); root.Exists(file) && !root.IsDir(file) {
			return file, true
		}
	}
	return "", false
}

// ServerRootOf is the usual ServerRoot of a main configuration file.
func ServerRootOf(file string) string {
	folder := path.Dir(file)
	if path.Base(folder) == "conf" {
		return path.Dir(folder)
	}
	return folder
}

// EnvVarsOf are the files, of which the first that is there counts, with the variables
// that the server of a main configuration file is started with: beside it, in its
// prefix, and where its family keeps them.
func EnvVarsOf(root hostfiles.Root, file string) []string {
	files := []string{path.Join(path.Dir(file), "envvars")}
	add := func(name string) {
		if !slices.Contains(files, name) {
			files = append(files, name)
		}
	}
	for _, name := range platformOf(Source).envVars {
		add(Below(ServerRootOf(file), name))
	}
	for _, row := range platformsOn(root) {
		for _, main := range row.mainFiles() {
			tree := filepath.Join(path.Dir(main), row.places.Tree)
			if row.layout != Source && strings.HasPrefix(file, tree+"/") {
				for _, name := range row.envVars {
					add(name)
				}
			}
		}
	}
	return files
}
