package conf

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// checkRequire is add_authz_provider, with what the providers "all" and "ip" say
// of their arguments.
func (r *reader) checkRequire(d *Directive) string {
	provider, args := Word(d.Args)
	negated := strings.EqualFold(provider, "not")
	if negated {
		provider, args = Word(args)
	}
	switch provider {
	case "all":
		if !containsFold([]string{"granted", "denied"}, args) { // as it stands, with its quotes
			return "Argument for 'Require all' must be 'granted' or 'denied'"
		}
	case "ip":
		if args == "" {
			return "'require ip' requires an argument"
		}
	default:
		if !slices.Contains(authzProviders, provider) && r.knowsProviders() {
			return "Unknown Authz provider: " + provider
		}
	}
	if negated && isAnyEnough(d) {
		return "negative Require directive has no effect in <RequireAny> directive"
	}
	return ""
}

// checkRequireSection is add_authz_section: nothing but what requests have to
// fulfil makes a section of them.
func (r *reader) checkRequireSection(d *Directive) string {
	argument, closed := cutBracket(d.Args)
	switch {
	case !closed:
		return unclosed(d.Name)
	case trim(argument) != "" && !isOpen(argument):
		return d.Name + "> directive doesn't take additional arguments"
	case !r.mayHoldMore[d] && !slices.ContainsFunc(slices.Collect(d.Children()), isRequirement):
		return d.Name + "> directive contains no authorization directives"
	case d.Is("<RequireNone") && isAnyEnough(d):
		return "<RequireNone> directive has no effect in <RequireAny> directive"
	}
	return ""
}

func isRequirement(d *Directive) bool {
	return d.Is("Require") || isRequireSection(d) || d.Is("<Limit") || d.Is("<LimitExcept")
}

// isAnyEnough tells whether a Require, or a section of them, is one of several of
// which any lets a request in: there a negative one would do nothing.
func isAnyEnough(d *Directive) bool {
	return d.Parent == nil || !isRequireSection(d.Parent) || d.Parent.Is("<RequireAny")
}

// authzProviders are those of the modules that come with httpd, and mod_wsgi's.
var authzProviders = []string{
	"all", "dbd-group", "dbd-login", "dbd-logout", "dbm-file-group", "dbm-group", "env", "expr", "file-group", "file-owner", "forward-dns", "group",
	"host", "ip", "ldap-attribute", "ldap-dn", "ldap-filter", "ldap-group", "ldap-search", "ldap-user", "local", "method", "ssl", "ssl-verify-client",
	"user", "valid-user", "wsgi-group",
}

// knowsProviders tells whether there can be no others: of another module, or by
// a name that the configuration gives.
func (r *reader) knowsProviders() bool {
	if !r.modules.knowsAll() || r.modules.foreign {
		return false
	}
	for _, module := range []string{"lua_module", "authnz_fcgi_module"} {
		if r.modules.has(module) != expr.False {
			return false
		}
	}
	return !r.config.Has("<AuthzProviderAlias")
}
