package templates

import (
	"fmt"
	"net/netip"
	"strings"
)

// headerTells gives what mod_wsgi takes from each header that a trusted proxy
// may set (WSGITrustedProxyHeaders). It ignores every other header, and of two
// that tell the same, a client could send the one that the proxy does not set.
var headerTells = map[string]string{
	"x-forwarded-for": "client", "x-client-ip": "client", "x-real-ip": "client",
	"x-forwarded-host": "host", "x-host": "host",
	"x-forwarded-server": "server",
	"x-forwarded-port":   "port",
	"x-script-name":      "mount point", "x-forwarded-script-name": "mount point",
	"x-forwarded-proto": "scheme", "x-forwarded-scheme": "scheme", "x-scheme": "scheme",
	"x-forwarded-https": "scheme", "x-forwarded-ssl": "scheme", "x-https": "scheme",
}

// TrustedProxies declares whose word is taken for who the client is. The tags are
// its keys in wsgictl.toml and the flags of render; start-server has the names of
// mod_wsgi-express.
type TrustedProxies struct {
	TrustedProxy       []string `toml:"trusted-proxy" express:"trust-proxy" placeholder:"ADDRESS" help:"Address or network of a proxy whose headers are believed."`
	TrustedProxyHeader []string `toml:"trusted-proxy-header" express:"trust-proxy-header" placeholder:"NAME" help:"Header that the trusted proxy sets (default: X-Forwarded-For and X-Forwarded-Proto)."`
}

// withDefaults fills in what was left out.
func (t TrustedProxies) withDefaults() TrustedProxies {
	if len(t.TrustedProxy) > 0 && len(t.TrustedProxyHeader) == 0 {
		t.TrustedProxyHeader = []string{"X-Forwarded-For", "X-Forwarded-Proto"}
	}
	return t
}

// check reports proxies and headers with which a client could pretend to
// be another, or which mod_wsgi would ignore.
func (t TrustedProxies) check() error {
	proxies, headers := t.TrustedProxy, t.TrustedProxyHeader
	if len(headers) > 0 && len(proxies) == 0 {
		return fmt.Errorf("trusted-proxy-header %s: without a trusted-proxy every client would be believed", headers[0])
	}
	for _, proxy := range proxies {
		network, err := netip.ParsePrefix(proxy)
		if err == nil && network.Bits() == 0 {
			return fmt.Errorf("trusted-proxy %s: it would trust every client", proxy)
		}
		if _, addressErr := netip.ParseAddr(proxy); err != nil && addressErr != nil {
			return fmt.Errorf("trusted-proxy %s: want an address or a network, such as 10.0.0.1 or 10.0.0.0/8", proxy)
		}
	}
	said := map[string]string{}
	for _, header := range headers {
		tells, known := headerTells[strings.ToLower(header)]
		switch {
		case !known:
			return fmt.Errorf("trusted-proxy-header %s: mod_wsgi takes nothing from it", header)
		case said[tells] != "":
			return fmt.Errorf("trusted-proxy-header %s and %s both tell the %s: name the one that the proxy sets", said[tells], header, tells)
		}
		said[tells] = header
	}
	return nil
}
