package request

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// handlersOfModules are the handlers of httpd's own modules, with the identifiers of
// those that have them (their hooks compare r->handler).
var handlersOfModules = map[string][]string{
	"application/x-httpd-cgi":    {"cgi_module", "cgid_module"},
	"application/x-httpd-imap":   {"imagemap_module"},
	"application/x-httpd-status": {"status_module"},
	"application/x-type-map":     {"negotiation_module"},
	"balancer-manager":           {"proxy_balancer_module"},
	"cgi-script":                 {"cgi_module", "cgid_module"},
	"dav-handler":                {"dav_module"},
	"form-login-handler":         {"auth_form_module"},
	"form-logout-handler":        {"auth_form_module"},
	"form-redirect-handler":      {"auth_form_module"},
	"heartbeat":                  {"heartmonitor_module"},
	"httpd/send-as-is":           {"asis_module"},
	"imap-file":                  {"imagemap_module"},
	"ldap-status":                {"ldap_module"},
	"lua-map-handler":            {"lua_module"},
	"lua-script":                 {"lua_module"},
	"md-status":                  {"md_module"},
	"proxy-server":               {"proxy_module"},
	"redirect-handler":           {"rewrite_module"},
	"reflector":                  {"reflector_module"},
	"send-as-is":                 {"asis_module"},
	"server-info":                {"info_module"},
	"server-status":              {"status_module"},
	"type-map":                   {"negotiation_module"},
}

// mayHandle tells whether a module of httpd, or one that is not known, may take the
// requests of a handler or content type. The others are left to the core, which does
// not look at the name (default_handler).
func (h *Httpd) mayHandle(name string) bool {
	modules := handlersOfModules[name]
	switch {
	case name == "", name == defaultHandler, name == folderHandler:
		return false
	case strings.HasPrefix(name, "proxy:"):
		modules = []string{"proxy_module"}
	case modules == nil:
		return h.Config.Foreign
	}
	for _, module := range modules {
		if h.Config.HasModule(module) != expr.False {
			return true
		}
	}
	return false
}
