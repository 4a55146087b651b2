package audit

import (
	"strings"
)

// proxyHeaders are the headers that WSGITrustedProxyHeaders understands, in
// lower case, with what they tell (wsgi_proxy_header_registry in
// wsgi_environ.c; 4.9.4 has the same).
var proxyHeaders = map[string]string{
	"x-forwarded-for":         "address of the client",
	"x-client-ip":             "address of the client",
	"x-real-ip":               "address of the client",
	"x-forwarded-host":        "host",
	"x-host":                  "host",
	"x-forwarded-server":      "name of the server",
	"x-forwarded-port":        "port",
	"x-script-name":           "mount point",
	"x-forwarded-script-name": "mount point",
	"x-forwarded-proto":       "scheme",
	"x-forwarded-scheme":      "scheme",
	"x-scheme":                "scheme",
	"x-forwarded-https":       "scheme",
	"x-forwarded-ssl":         "scheme",
	"x-https":                 "scheme",
}

// headerName is the form in which mod_wsgi compares names of headers.
func headerName(word string) string {
	return strings.ReplaceAll(strings.ToLower(word), "_", "-")
}
