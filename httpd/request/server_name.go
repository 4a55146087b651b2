package request

import "strings"

// ServerPort is the port that a request was sent to: the one that the client
// names, else that of the server (ap_get_server_port).
func (set *Settings) ServerPort(c Client) int {
	canonical := set.Pick("UseCanonicalName").Likely()
	if c.PortNamed && (canonical == nil || !strings.EqualFold(canonical.Word(0), "On")) {
		return c.Port
	}
	return set.Server.Port
}

// serverName is the name that a request was sent to, or with UseCanonicalName
// the server's own (ap_get_server_name).
func (set *Settings) serverName(assume Assume) string {
	if set.setting("UseCanonicalName", assume).IsOn() {
		return set.Server.Name
	}
	return set.Request.Host
}
