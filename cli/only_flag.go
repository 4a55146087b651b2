package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/templates"
)

// onlyFlag restricts a command to some sites of a declaration.
type onlyFlag struct {
	Only []string `sep:"none" placeholder:"SITE" help:"Change only this site of the declaration, with its daemon process group, and leave its others as they are; may be given again."`
}

// restrict takes the other sites, and the daemon process groups of them alone, out
// of what is declared.
func (f onlyFlag) restrict(d declared) (declared, error) {
	if len(f.Only) == 0 {
		return d, nil
	}
	names, daemons := map[string]bool{}, map[string]bool{}
	var sites []templates.Site
	for _, site := range d.file.Sites {
		names[site.Name] = true
		if slices.Contains(f.Only, site.Name) {
			sites = append(sites, site)
			daemons[cmp.Or(site.Daemon, site.Name)] = true
		}
	}
	for _, name := range f.Only {
		if !names[name] {
			return d, usageError{fmt.Errorf("--only %s: %s declares no such site, but %s", name, d.path, strings.Join(siteNames(d.file.Sites), ", "))}
		}
	}
	d.file.Sites, d.partly = sites, true
	d.file.Daemons = slices.DeleteFunc(slices.Clone(d.file.Daemons), func(daemon templates.Daemon) bool { return !daemons[daemon.Name] })
	return d, nil
}

func siteNames(sites []templates.Site) []string {
	var names []string
	for _, site := range sites {
		names = append(names, site.Name)
	}
	return names
}
