package express

import (
	"context"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/templates"
)

// settleTrustedProxies refuses proxies that Apache could not make out when it starts.
func settleTrustedProxies(ctx context.Context, asked templates.TrustedProxies) (templates.TrustedProxies, error) {
	settled := templates.TrustedProxies{TrustedProxy: words(asked.TrustedProxy), TrustedProxyHeader: words(asked.TrustedProxyHeader)}
	for _, word := range settled.TrustedProxy {
		if !isSubnet(word) && !isResolved(ctx, word) {
			return settled, fmt.Errorf("--trust-proxy %s: want an address or a subnet, such as 10.0.0.0/8", word)
		}
	}
	return settled, nil
}

// isSubnet takes what apr_ipsubnet_create does: an address, the beginning of one,
// and either with a number of bits or a mask.
func isSubnet(text string) bool {
	address, mask, masked := strings.Cut(text, "/")
	for strings.Count(address, ".") < 3 && !strings.Contains(address, ":") {
		address += ".0"
	}
	parsed, err := netip.ParseAddr(address)
	if err != nil || !masked {
		return err == nil
	}
	if _, err := netip.ParseAddr(mask); err == nil {
		return parsed.Is4()
	}
	bits, err := strconv.Atoi(mask)
	return err == nil && bits > 0 && bits <= parsed.BitLen()
}
