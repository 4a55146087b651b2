package request

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// ServerPort is the port that a request was sent to: the one that the client
// names, else that of the server (ap_get_server_port).
func (set *Settings) ServerPort() int {
	if canonical, _ := set.canonicalName(); set.Client.PortNamed && canonical != "on" {
		return set.Client.Port
	}
	return set.Server.Port
}

// serverName is the name that a request was sent to, or with UseCanonicalName
// that of the server (ap_get_server_name).
func (set *Settings) serverName() expr.Value {
	canonical, reason := set.canonicalName()
	name := set.Client.Hostname()
	switch {
	case reason != nil:
		return expr.Value{Reason: reason}
	case canonical == "dns":
		return expr.Value{Reason: Unknown{Kind: AddressName}}
	case canonical == "on" || name == "":
		name = set.Server.Name
	}
	return known(name, Unknown{Kind: ServerName})
}

// canonicalName is what UseCanonicalName says, in lower case, and why that is
// not certain.
func (set *Settings) canonicalName() (value string, reason expr.Reason) {
	choice := set.Pick("UseCanonicalName")
	value = "off"
	if d := choice.Likely(); d != nil {
		value = strings.ToLower(d.Word(0))
	}
	if choice.Doubt != nil {
		reason = choice.Doubt.Reason
	}
	return value, reason
}
