package system

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/templates"
)

// siteOf is the site whose name a virtual host adds to the answer to a probe;
// empty for one that adds none.
func siteOf(server *conf.Server) string {
	site := ""
	for directive := range server.Directives() {
		if !directive.Is("Header") {
			continue
		}
		if probed := templates.ProbedSite(directive.Words()); probed != "" {
			site = probed
		}
	}
	return site
}

// probedSites are the sites that a virtual host names to a probe. Those that an
// older wsgictl has written do not.
func probedSites(config *conf.Config) map[string]bool {
	sites := map[string]bool{}
	for _, server := range config.Servers()[1:] {
		if site := siteOf(server); site != "" {
			sites[site] = true
		}
	}
	return sites
}

// CheckHosts refuses sites of the plan's declaration that another virtual host
// would answer instead, and virtual hosts of the declaration that would answer for
// other projects' sites: httpd takes the first one of a name and port, and says nothing
// of the others.
func (s *Stage) CheckHosts() error {
	return errors.Join(checkHosts(s.after.Config, s.plan), checkHostsOfOthers(s.before.Config, s.after.Config, s.plan))
}

// CheckHosts is Stage.CheckHosts for a plan that changes nothing.
func (m Manager) CheckHosts(plan *Plan) error {
	config, err := m.live()
	if err != nil {
		return err
	}
	return checkHosts(config, plan)
}

func checkHosts(config *conf.Config, plan *Plan) error {
	probed := probedSites(config)
	var all []error
	for _, name := range slices.Sorted(maps.Keys(plan.Next.Sites)) {
		site := plan.Next.Sites[name]
		if !probed[name] || slices.Contains(plan.others, name) || site.Disabled {
			continue
		}
		for _, check := range site.Checks {
			if other, err := answering(config, check.URL); err != nil {
				all = append(all, err)
			} else if other != nil && siteOf(other) != name {
				all = append(all, fmt.Errorf("site %s: at %s %s answers instead: give that one another name, disable it, or give the site another name or port",
					name, check.URL, hostAt(other, check.URL)))
			}
		}
	}
	return errors.Join(all...)
}

// checkHostsOfOthers refuses a plan by which a site that it is not about is no longer
// answered by its own virtual host.
func checkHostsOfOthers(before, after *conf.Config, plan *Plan) error {
	var all []error
	for _, name := range plan.others {
		site := plan.Next.Sites[name]
		for _, check := range site.Checks {
			was, err := answering(before, check.URL)
			if err != nil || was == nil || siteOf(was) != name {
				continue
			}
			if is, err := answering(after, check.URL); err == nil && is != nil && siteOf(is) != name {
				all = append(all, fmt.Errorf("site %s of %s is answered by its own virtual host at %s, and then %s would answer instead: take the name away from the site that you declare, or give it another port",
					name, site.File, check.URL, hostAt(is, check.URL)))
			}
		}
	}
	return errors.Join(all...)
}

// answering is the server that answers a URL; nil where the configuration does
// not decide it alone.
func answering(config *conf.Config, address string) (*conf.Server, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(parsed.Port())
	if err != nil {
		return nil, err
	}
	server, certain, _ := config.ServerFor(parsed.Hostname(), port)
	if certain != expr.True {
		return nil, nil
	}
	return server, nil
}

// hostAt says which virtual host answers a URL, and why that one does.
func hostAt(server *conf.Server, address string) string {
	if !server.IsVirtual() {
		return "the main server (no virtual host is for that port)"
	}
	why := "the first one for that port, where none has the name"
	parsed, err := url.Parse(address)
	switch {
	case err != nil || !server.HasName(parsed.Hostname()):
	case server.NameFrom == nil && server.Config.Main().NameFrom == nil && strings.EqualFold(server.Name, parsed.Hostname()):
		why = "it has no ServerName, so that it has this host's own, and comes first"
	default:
		why = "it has the same name and port, and comes first"
	}
	pos := server.Section.Pos()
	return fmt.Sprintf("the virtual host in %s:%d (%s)", pos.File, pos.Line, why)
}
