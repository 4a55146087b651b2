package express

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/installed"
)

// checkPorts tries the ports before Apache does, which would only log it. A server
// that is set up may be one that runs, and be started by another account or on another
// machine: then what would be in its way is no error yet.
func (p *planner) checkPorts() (notes, error) {
	var inTheWay notes
	starts := p.caller.Verb == "start-server" && !p.command.SetupOnly
	for _, port := range p.ports() {
		err := listens(p.command.Host, port)
		taken := errors.Is(err, syscall.EADDRINUSE)
		switch {
		case err == nil || taken && (!starts || p.wasKilled()): // apachectl stops what was left behind
		case taken:
			return nil, fmt.Errorf("port %d: another server listens there; stop it%s, or name another with --port", port, p.stopCommand())
		case starts:
			return nil, cannotListen(p.command.Host, port, err)
		default:
			inTheWay = append(inTheWay, cannotListen(p.command.Host, port, err).Error())
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
func (p *planner) wasKilled() bool {
	_, err := installed.Instance{PIDFile: p.pidFile, Trusted: p.trusted}.Process()
	none := (*installed.NotRunning)(nil)
	return errors.As(err, &none) && none.Ended
}

// stopCommand stops the server of this root, if it has been set up.
func (p *planner) stopCommand() string {
	if !exists(p.pidFile) {
		return ""
	}
	return fmt.Sprintf(" (%s stop)", detect.ShellArgument(p.in("apachectl")))
}

// ports are those that Apache listens on.
func (p *planner) ports() []int {
	if p.command.HTTPSPort == 0 {
		return []int{p.command.Port}
	}
	return []int{p.command.Port, p.command.HTTPSPort}
}

func (p *planner) listen() []string {
	var listen []string
	for _, port := range p.ports() {
		listen = append(listen, p.address(port))
	}
	return listen
}

func (p *planner) address(port int) string {
	if p.command.Host == "" {
		return strconv.Itoa(port)
	}
	return net.JoinHostPort(p.command.Host, strconv.Itoa(port))
}
