package express

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/templates"
)

// modules are those of Apache that the options need, and those that every
// server of mod_wsgi-express has, for the files that it includes. One that is
// no file is built into httpd, or httpd says which directive lacks it.
func (p *planner) modules() []templates.ServerModule {
	var modules []templates.ServerModule
	for _, name := range p.moduleNames() {
		path := filepath.Join(p.software.apache.ModulesDir, "mod_"+name+".so")
		if _, err := os.Stat(path); err == nil {
			modules = append(modules, templates.ServerModule{Name: name, Path: path})
		}
	}
	if p.command.WithPHP5 {
		modules = append(modules, templates.ServerModule{Name: "php5", Path: filepath.Join(p.software.apache.ModulesDir, "libphp5.so")})
	}
	return modules
}

func (p *planner) moduleNames() []string {
	o := p.command.Options
	names := []string{"mpm_" + p.software.mpm, "access_compat", "unixd", "authn_core", "authz_core", "authz_host", "mime",
		"rewrite", "alias", "dir", "env", "headers", "filter", "reqtimeout", "log_config"}
	for _, more := range []struct {
		needed bool
		names  []string
	}{
		{o.HTTP2, []string{"http2"}},
		{o.HTTPSPort != 0, []string{"socache_shmcb", "ssl"}},
		{o.DirectoryListing, []string{"autoindex"}},
		{o.CompressResponses, []string{"deflate"}},
		{o.AuthUserScript != "", []string{"auth_" + strings.ToLower(o.AuthType), "authz_user"}},
		{o.proxies(), []string{"proxy", "proxy_http"}},
		{o.ServerMetrics || o.ServerStatus, []string{"status"}},
		{o.WithCGI, []string{p.cgiModule()}},
		{o.SystemdUnit, []string{"systemd"}},
	} {
		if more.needed {
			names = append(names, more.names...)
		}
	}
	return names
}

// cgiModule starts scripts from a process of its own where threads make a fork
// expensive, and where it is installed.
func (p *planner) cgiModule() string {
	if _, err := os.Stat(filepath.Join(p.software.apache.ModulesDir, "mod_cgid.so")); err == nil {
		return "cgid"
	}
	return "cgi"
}
