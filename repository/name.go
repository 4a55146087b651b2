package repository

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// templateEndings are what the names of templates end with, after that of the file
// that is made of them.
var templateEndings = []string{
	".j2", ".jinja", ".jinja2", ".erb", ".epp", ".mako", ".mustache", ".tera", ".tmpl", ".tpl", ".template", ".ctmpl", ".gotmpl",
	".in", ".dist", ".example", ".sample", ".default",
}

// configurationFolders hold configuration whatever the names of its files.
var configurationFolders = []string{"sites-available", "sites-enabled", "conf-available", "conf-enabled", "vhosts.d"}

// isTemplateName tells what may be a template of anything, also of a part of Apache
// configuration: only what it holds can tell.
func isTemplateName(path string) bool {
	return slices.Contains([]string{".j2", ".jinja", ".jinja2", ".erb", ".epp"}, strings.ToLower(filepath.Ext(path)))
}

// isConfigurationName tells a name that Apache configuration goes by.
func isConfigurationName(path string) bool {
	name := strings.ToLower(filepath.Base(path))
	for trimmed := true; trimmed; {
		trimmed = false
		for _, ending := range templateEndings {
			if rest, ok := strings.CutSuffix(name, ending); ok && rest != "" {
				name, trimmed = rest, true
			}
		}
	}
	return strings.HasSuffix(name, ".conf") || strings.HasSuffix(name, ".vhost") || strings.HasSuffix(name, "htaccess") ||
		slices.Contains(configurationFolders, filepath.Base(filepath.Dir(path)))
}

// foreignFolders hold what was made elsewhere, and the stores of version control.
var foreignFolders = []string{
	".git", ".hg", ".svn", ".bzr", "node_modules", "bower_components", "vendor", "third_party", "site-packages", "__pycache__",
	".tox", ".nox", ".venv", ".terraform", ".vagrant", ".bundle",
}

// isForeign tells the folders that are not walked: those, and virtualenvs.
func isForeign(folder string) bool {
	if slices.Contains(foreignFolders, filepath.Base(folder)) {
		return true
	}
	_, err := os.Lstat(filepath.Join(folder, "pyvenv.cfg"))
	return err == nil
}
