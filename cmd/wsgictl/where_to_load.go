package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
)

// whereToLoad says where on this layout the module-config lines belong, and
// what must go before: two modules cannot be loaded.
func whereToLoad(apache *detect.Apache) string {
	var text strings.Builder
	for _, loaded := range apache.Loaded {
		fmt.Fprintf(&text, "Apache loads %s already (%s:%d): take that line away first%s.\n", loaded.Path, loaded.File, loaded.Line, disable(apache))
	}
	fmt.Fprintf(&text, "Put these lines into %s:", loadFile(apache))
	return text.String()
}

func disable(apache *detect.Apache) string {
	if apache.Layout == detect.Debian {
		return " (a2dismod wsgi)"
	}
	return ""
}

func loadFile(apache *detect.Apache) string {
	root := filepath.Dir(apache.ConfigFile)
	switch apache.Layout {
	case detect.Debian:
		return filepath.Join(root, "mods-available/wsgi_express.load") + ", then run: a2enmod wsgi_express && " + cmp.Or(apache.Control, "apache2ctl") + " restart"
	case detect.RedHat:
		return filepath.Join(filepath.Dir(root), "conf.modules.d/10-wsgi-python3.conf")
	case detect.SUSE, detect.Alpine:
		return filepath.Join(root, "conf.d/wsgi.conf")
	case detect.FreeBSD:
		return filepath.Join(root, "modules.d/250_mod_wsgi.conf")
	}
	return apache.ConfigFile + ", after its other LoadModule lines"
}
