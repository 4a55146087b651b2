package express

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/installed"
)

// addresses are where a server is reached, and by which name.
type addresses struct {
	host       string // to listen at; empty for all of the machine
	port       int
	httpsPort  int // 0 for none
	serverName string
}

// settleAddresses refuses a host that Apache could not make out when it starts.
func settleAddresses(ctx context.Context, o Options) (addresses, error) {
	a := addresses{o.Host, o.Port, o.HTTPSPort, o.ServerName}
	switch {
	case a.host != "" && !host().MatchString(a.host):
		return a, fmt.Errorf("--host %q: want an address", a.host)
	case a.host != "" && !isResolved(ctx, a.host):
		return a, fmt.Errorf("--host %s: want an address of this machine, such as 127.0.0.1", a.host)
	}
	return a, nil
}

// name is that of a server without one.
func (a addresses) name() string { return cmp.Or(a.host, "localhost") }

// clientName is the name that clients use.
func (a addresses) clientName() string { return cmp.Or(a.serverName, a.name()) }

// local is where this machine reaches its own server.
func (a addresses) local() string {
	switch a.host {
	case "", "0.0.0.0", "::":
		return "localhost"
	}
	return a.host
}

// ports are those that Apache listens on.
func (a addresses) ports() []int {
	if a.httpsPort == 0 {
		return []int{a.port}
	}
	return []int{a.port, a.httpsPort}
}

// listen are the arguments of Listen.
func (a addresses) listen() []string {
	var listen []string
	for _, port := range a.ports() {
		if a.host == "" {
			listen = append(listen, strconv.Itoa(port))
		} else {
			listen = append(listen, net.JoinHostPort(a.host, strconv.Itoa(port)))
		}
	}
	return listen
}

// checkPorts tries the ports before Apache does, which would only log it. A server
// that is set up may be one that runs, and be started by another account or on another
// machine: then what would be in its way is no error yet.
func (a addresses) checkPorts(starts bool, of places, who identity) (notes, error) {
	var inTheWay notes
	for _, port := range a.ports() {
		err := listens(a.host, port)
		taken := errors.Is(err, syscall.EADDRINUSE)
		switch {
		case err == nil || taken && (!starts || of.wasKilled(who)): // apachectl stops what was left behind
		case taken:
			return nil, fmt.Errorf("port %d: another server listens there; stop it%s, or name another with --port", port, of.stopCommand())
		case starts:
			return nil, cannotListen(a.host, port, err)
		default:
			inTheWay = append(inTheWay, cannotListen(a.host, port, err).Error())
		}
	}
	return inTheWay, nil
}

func listens(host string, port int) error {
	listener, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return err
	}
	return listener.Close()
}

// cannotListen says why nobody can listen on a port that is free.
func cannotListen(host string, port int, err error) error {
	switch {
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("port %d: an ordinary user may not listen there; name one from 1024 on with --port (--https-port), or have root start the server, with --user", port)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fmt.Errorf("--host %s: this machine does not have that address; name one that it has, or leave --host out for all of them", host)
	}
	return fmt.Errorf("port %d: %w", port, err)
}

// wasKilled reports whether the Apache of this root exited without removing its
// file with the process id.
func (p places) wasKilled(who identity) bool {
	_, err := installed.Instance{PIDFile: p.pidFile, Trusted: who.trusted}.Process()
	none := (*installed.NotRunning)(nil)
	return errors.As(err, &none) && none.Ended
}

// stopCommand stops the server of this root, if it has been set up.
func (p places) stopCommand() string {
	if !exists(p.pidFile) {
		return ""
	}
	return fmt.Sprintf(" (%s stop)", detect.ShellArgument(p.root.in("apachectl")))
}

// siteURL leaves the usual port out.
func siteURL(scheme, host string, port int) string {
	if isIPv6(host) {
		host = "[" + host + "]"
	}
	if scheme == "http" && port == 80 || scheme == "https" && port == 443 {
		return scheme + "://" + host
	}
	return fmt.Sprintf("%s://%s:%d", scheme, host, port)
}

func isIPv6(host string) bool { return strings.Contains(host, ":") }

// serverName is what ServerName takes, which is no IPv6 address.
func serverName(host string) string {
	if isIPv6(host) {
		return "localhost"
	}
	return host
}

// host is what an address looks like.
var host = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\w:.-]+$`) })

// isResolved tells whether a name is an address, or leads to one.
func isResolved(ctx context.Context, name string) bool {
	if _, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		return true
	}
	_, err := net.DefaultResolver.LookupHost(ctx, name)
	failed := (*net.DNSError)(nil)
	return err == nil || errors.As(err, &failed) && !failed.IsNotFound // what cannot be asked now is Apache's to tell
}
