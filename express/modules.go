package express

import (
	"strings"

	"github.com/wsgictl/wsgictl/templates"
)

// modules are those of Apache that are files. One that is none is built into httpd, or
// httpd says which directive lacks it.
func (a apache) modules(names []string) []templates.ServerModule {
	var modules []templates.ServerModule
	for _, name := range names {
		if path := a.moduleFile(name); exists(path) {
			modules = append(modules, templates.ServerModule{Name: name, Path: path})
		}
	}
	return modules
}

// moduleNames are the modules that the options need, and those that every server of
// mod_wsgi-express has, for the files that it includes.
func (a apache) moduleNames(o Options) []string {
	names := []string{"mpm_" + a.mpm, "access_compat", "unixd", "authn_core", "authz_core", "authz_host", "mime",
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
		{o.WithCGI, []string{a.cgiModule()}},
		{o.SystemdUnit, []string{"systemd"}},
		{o.WithPHP5, []string{"php5"}},
	} {
		if more.needed {
			names = append(names, more.names...)
		}
	}
	return names
}

// cgiModule starts scripts from a process of its own where threads make a fork
// expensive, and where it is installed.
func (a apache) cgiModule() string {
	if exists(a.moduleFile("cgid")) {
		return "cgid"
	}
	return "cgi"
}
