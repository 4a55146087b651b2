package cli

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/installed"
)

// whereToLoad says where on this layout the module-config lines belong, and
// what must go before: two modules cannot be loaded.
func whereToLoad(apache *detect.Apache) string {
	var text strings.Builder
	for _, loaded := range apache.Loaded {
		if loaded.IsManaged() {
			return fmt.Sprintf("wsgictl manages this Apache (%s:%d), and \"wsgictl apply\" has it load the module of the virtualenv that a declaration names. Elsewhere these lines load this one:",
				loaded.File, loaded.Line)
		}
		fmt.Fprintf(&text, "Apache loads %s already (%s:%d): take that line away first%s.\n", loaded.Path, loaded.File, loaded.Line, disable(apache, loaded.File))
	}
	fmt.Fprintf(&text, "Put these lines into %s:", loadFile(apache))
	return text.String()
}

// disable is the command that takes a file away on Debian, where a2dismod knows it
// by its name.
func disable(apache *detect.Apache, file string) string {
	name, isLoad := strings.CutSuffix(filepath.Base(file), ".load")
	if apache.Layout != installed.Debian || !isLoad {
		return ""
	}
	return " (a2dismod " + detect.ShellArgument(name) + ")"
}

func loadFile(apache *detect.Apache) string {
	root := filepath.Dir(apache.ConfigFile)
	switch apache.Layout {
	case installed.Debian:
		return filepath.Join(root, "mods-available/wsgi_express.load") + ", then run: a2enmod wsgi_express && " + detect.ShellArgument(cmp.Or(apache.Control, "apache2ctl")) + " restart"
	case installed.RedHat:
		return filepath.Join(filepath.Dir(root), "conf.modules.d/10-wsgi-python3.conf")
	case installed.SUSE, installed.Alpine:
		return filepath.Join(root, "conf.d/wsgi.conf")
	case installed.FreeBSD:
		return filepath.Join(root, "modules.d/250_mod_wsgi.conf")
	}
	return apache.ConfigFile + ", after its other LoadModule lines"
}
