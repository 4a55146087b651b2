package express

// proxies reports whether anything is passed to other servers.
func (o Options) proxies() bool { return len(o.ProxyMountPoint)+len(o.ProxyVirtualHosts) > 0 }
