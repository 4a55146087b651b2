package installed

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/trust"
)

// Folders are searched after PATH, which lacks the sbin folders for
// ordinary users on some systems.
var Folders = []string{
	"/usr/sbin", "/usr/local/sbin", "/usr/local/apache2/bin", "/opt/apache2/bin",
	"/opt/homebrew/bin", "/usr/local/bin", "/home/linuxbrew/.linuxbrew/bin",
}

// AppleProgram is the Apache that macOS brings.
const AppleProgram = "/usr/sbin/httpd"

// Find lists the httpd programs of a host, each file once: those on PATH, in the
// usual folders, and the one that a virtualenv brings, if there is one. mayRun says
// which of them are programs that the caller may start; note is told what was seen.
func Find(root hostfiles.Root, bundled string, mayRun func(path string) bool, note func(place, found string)) []string {
	var all hostfiles.Programs
	folders := append(root.SearchPath(), Folders...)
	for _, dir := range folders {
		for _, name := range ProgramNames {
			if path := filepath.Join(dir, name); mayRun(path) && all.Add(root, path) {
				note(path, "an httpd program")
			}
		}
	}
	if bundled != "" && mayRun(bundled) && all.Add(root, bundled) {
		note(bundled, "the httpd of mod_wsgi-httpd")
	}
	found := all.Paths
	if at := slices.Index(found, AppleProgram); at >= 0 && root.OperatingSystem() == "darwin" {
		found = append(slices.Delete(found, at, at+1), AppleProgram) // any other one is better
	}
	if len(found) == 0 {
		note(strings.Join(folders, ":"), "no httpd, apache2 or httpd2")
	}
	return found
}

// BundledProgram is the httpd that PyPI's mod_wsgi-httpd has put into a folder of packages.
func BundledProgram(sitePackages string) string {
	return strings.TrimSuffix(sitePackages, "/") + bundledPath
}

// Locate finds an httpd of this host and its modules folder from files alone, for
// callers that cannot wait for more. The httpd is the one named, else the bundled
// one, where that is there, else the first on PATH and in the usual folders. Only
// where the files do not tell the modules or the MPM is httpd started and asked. Of
// the fields of an Apache only Path, ModulesDir, Loadable, MPM, MPMBuiltIn and MPMs
// are filled in.
func Locate(ctx context.Context, name, bundled string) (Apache, error) {
	path, err := locateProgram(name, bundled)
	if err != nil {
		return Apache{}, err
	}
	a := Apache{Path: path, ModulesDir: locateModules(path)}
	a.ListModules("")
	if len(a.MPMs) > 0 {
		return a, nil
	}
	asked, err := Look(ctx, "", path)
	if err != nil {
		return Apache{}, fmt.Errorf("find Apache's modules: %w", err)
	}
	return *asked, nil
}

func locateProgram(name, bundled string) (string, error) {
	here := hostfiles.Root("")
	mayRun := func(path string) bool { return here.IsProgram(path) && trust.Deciders().Check(path) == nil }
	names := ProgramNames
	switch {
	case filepath.IsAbs(name):
		if !here.IsProgram(name) {
			return "", fmt.Errorf("find httpd: %s is no program", name)
		}
		return name, nil
	case name != "":
		names = []string{name}
	case bundled != "" && mayRun(bundled):
		return bundled, nil
	}
	folders := append(here.SearchPath(), Folders...)
	for _, dir := range folders {
		for _, name := range names {
			if path := filepath.Join(dir, name); mayRun(path) {
				return path, nil
			}
		}
	}
	return "", fmt.Errorf("find httpd: no %s in %s: install Apache, or name it (--httpd-executable)",
		strings.Join(names, ", "), strings.Join(folders, string(os.PathListSeparator)))
}

// locateModules looks beside a httpd in a prefix of its own, and then where
// the layouts keep their modules.
func locateModules(httpd string) string {
	here := hostfiles.Root("")
	if prefix, found := strings.CutSuffix(httpd, "/bin/httpd"); found && here.IsDir(prefix+"/modules") {
		return prefix + "/modules"
	}
	for _, row := range platformsOn(here) {
		dir := hostfiles.FirstOf(row.modules, func(dir string) bool { return filepath.IsAbs(dir) && here.IsDir(dir) })
		if dir != "" && !strings.HasPrefix(dir, "/usr/local/") {
			return dir
		}
	}
	return ""
}
