package system

import (
	"cmp"
	"fmt"
	"path/filepath"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/installed"
)

// A layout is where one family keeps the files of Apache's configuration.
// docs/layouts has a page for each.
type layout struct {
	load    place  // files with LoadModule lines
	name    string // of the one among them that is wsgictl's, such that it is read before all that needs it
	config  place  // files for the main server
	site    place  // files with virtual hosts
	scripts string // folder of the scripts that import a module
	tree    string // folder that holds all configuration that comes with the family
	include include
}

// An include is the line that a main configuration file needs so that the
// files of the layout are read; the zero one where it has such a line already.
type include struct{ file, line string }

// layoutOf gives the folders of an Apache. The environment is that of its
// envvars.
func layoutOf(a detect.Apache, environment map[string]string) (layout, error) {
	root, configuration := a.ServerRoot, filepath.Dir(a.ConfigFile)
	at := func(folder, name string) string { return filepath.Join(folder, name) }
	switch a.Layout {
	case installed.Debian:
		state := cmp.Or(environment["APACHE_STATE_DIRECTORY"], "/var/lib/apache2") // as in a2enmod
		return layout{
			name:    "wsgictl",
			load:    place{folder: at(root, "mods-available"), suffix: ".load", enabled: at(root, "mods-enabled"), markers: at(state, "module")},
			config:  place{folder: at(root, "conf-available"), suffix: ".conf", enabled: at(root, "conf-enabled"), markers: at(state, "conf")},
			site:    place{folder: at(root, "sites-available"), suffix: ".conf", enabled: at(root, "sites-enabled"), markers: at(state, "site")},
			scripts: at(root, "wsgictl"), tree: root,
		}, nil
	case installed.RedHat:
		return layout{
			name:    "10-wsgictl",
			load:    place{folder: at(root, "conf.modules.d"), suffix: ".conf"},
			config:  place{folder: at(root, "conf.d"), prefix: "01-", suffix: ".conf"},
			site:    place{folder: at(root, "conf.d"), prefix: "wsgictl-", suffix: ".conf"},
			scripts: at(root, "wsgictl"), tree: root,
		}, nil
	case installed.SUSE:
		return layout{
			name:    "00-wsgictl",
			load:    place{folder: at(configuration, "conf.d"), suffix: ".conf"},
			config:  place{folder: at(configuration, "conf.d"), prefix: "01-", suffix: ".conf"},
			site:    place{folder: at(configuration, "vhosts.d"), suffix: ".conf"},
			scripts: at(configuration, "wsgictl"), tree: configuration,
		}, nil
	case installed.Alpine:
		return layout{
			name:    "00-wsgictl",
			load:    place{folder: at(configuration, "conf.d"), suffix: ".conf"},
			config:  place{folder: at(configuration, "conf.d"), prefix: "01-", suffix: ".conf"},
			site:    place{folder: at(configuration, "conf.d"), prefix: "wsgictl-", suffix: ".conf"},
			scripts: at(configuration, "wsgictl"), tree: configuration,
		}, nil
	case installed.FreeBSD:
		return layout{
			name:    "280_wsgictl",
			load:    place{folder: at(configuration, "modules.d"), suffix: ".conf"},
			config:  place{folder: at(configuration, "Includes"), prefix: "01-", suffix: ".conf"},
			site:    place{folder: at(configuration, "Includes"), prefix: "wsgictl-", suffix: ".conf"},
			scripts: at(configuration, "wsgictl"), tree: configuration,
		}, nil
	case installed.Arch, installed.Homebrew, installed.Source:
		own := at(configuration, "wsgictl")
		return layout{
			name:    "00-wsgictl",
			load:    place{folder: own, suffix: ".conf"},
			config:  place{folder: own, prefix: "01-", suffix: ".conf"},
			site:    place{folder: own, prefix: "wsgictl-", suffix: ".conf"},
			scripts: own, tree: configuration,
			include: include{a.ConfigFile, fmt.Sprintf("IncludeOptional %q", at(own, "*.conf"))},
		}, nil
	}
	return layout{}, fmt.Errorf("the layout %s is not one that wsgictl changes: run the application with a server of its own (wsgictl mod_wsgi-express), or write its configuration with \"wsgictl render\"", a.Layout)
}
