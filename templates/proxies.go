package templates

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// Proxies declares the URL paths that other servers answer. The tags are its keys
// in wsgictl.toml and the flags of render and start-server.
type Proxies struct {
	ProxyMountPoint []Proxy `toml:"proxy-mount-point" alias:"proxy-url-alias" sep:"none" placeholder:"URL-PATH URL" help:"Pass what is below this path, WebSockets too, to the server at URL."`
	ProxyTimeout    *int    `toml:"proxy-timeout" placeholder:"SECONDS" help:"How long such a server may send nothing (default: Apache's Timeout). WebSockets that are silent for longer are closed."`
}

// A Proxy passes what is below a URL path to another server. Both ends have a
// slash at the end, for with one on either side only, Apache would put names
// together wrongly.
type Proxy struct {
	URL string `toml:"url"`
	To  string `toml:"to"`
}

// Bare is the path without its slash, which browsers are redirected from.
func (p Proxy) Bare() string { return strings.TrimRight(p.URL, "/") }

// Exactly is a regular expression for Bare.
func (p Proxy) Exactly() string { return "^" + regexp.QuoteMeta(p.Bare()) + "$" }

// WithSlashes gives both ends of each their slash, and puts the more special of two
// paths first, since Apache takes the first that fits.
func (p Proxies) WithSlashes() Proxies {
	sorted := make([]Proxy, 0, len(p.ProxyMountPoint))
	for _, proxy := range p.ProxyMountPoint {
		sorted = append(sorted, Proxy{URL: strings.TrimRight(proxy.URL, "/") + "/", To: strings.TrimRight(proxy.To, "/") + "/"})
	}
	slices.SortStableFunc(sorted, func(a, b Proxy) int { return len(b.URL) - len(a.URL) })
	p.ProxyMountPoint = sorted
	return p
}

func (p Proxies) modules() []string {
	if len(p.ProxyMountPoint) > 0 {
		return []string{"headers", "proxy", "proxy_http", "rewrite"}
	}
	return nil
}

// check reports what would hide the application, and servers that cannot be asked.
func (p Proxies) check(application Application) error {
	if p.ProxyTimeout != nil && (*p.ProxyTimeout < 1 || *p.ProxyTimeout > GreatestNumber) {
		return fmt.Errorf("proxy-timeout %d: want 1 to %d seconds", *p.ProxyTimeout, GreatestNumber)
	}
	if p.ProxyTimeout != nil && len(p.ProxyMountPoint) == 0 {
		return fmt.Errorf("proxy-timeout %d has no effect without proxy-mount-point; leave it out", *p.ProxyTimeout)
	}
	for i, proxy := range p.ProxyMountPoint {
		if err := checkURLPath("proxy-mount-point", proxy.URL); err != nil {
			return err
		}
		switch {
		case !isWebURL(proxy.To):
			return fmt.Errorf("proxy-mount-point %s %s: want the URL of a server, such as http://127.0.0.1:5000/", proxy.URL, proxy.To)
		case conf.IsIn(application.MountPoint, trimSlash(proxy.URL)):
			return fmt.Errorf("proxy-mount-point %s: it would hide the application, which answers below %s", proxy.URL, application.MountPoint)
		case i > 0 && p.ProxyMountPoint[i-1].URL == proxy.URL:
			return fmt.Errorf("proxy-mount-point %s: given twice", proxy.URL)
		}
	}
	return nil
}

// isWebURL tells a whole URL of HTTP.
func isWebURL(text string) bool {
	parsed, err := url.Parse(text)
	return err == nil && parsed.Host != "" && (parsed.Scheme == "http" || parsed.Scheme == "https")
}
