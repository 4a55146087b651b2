package express

import (
	"sort"
	"strings"

	"github.com/wsgictl/wsgictl/templates"
)

// proxies reports whether anything is passed to other servers.
func (o Options) proxies() bool { return len(o.ProxyMountPoints)+len(o.ProxyVirtualHosts) > 0 }

// proxyMountPoints gives both ends of each mapping a slash at the end, and puts
// the more special of two paths first.
func proxyMountPoints(o Options) []templates.Proxy {
	var list []templates.Proxy
	for _, pair := range o.ProxyMountPoints {
		list = append(list, templates.Proxy{Path: strings.TrimRight(pair[0], "/") + "/", URL: strings.TrimRight(pair[1], "/") + "/"})
	}
	sort.SliceStable(list, func(a, b int) bool { return len(list[a].Path) > len(list[b].Path) })
	return list
}
