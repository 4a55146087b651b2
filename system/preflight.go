package system

import (
	"errors"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"syscall"

	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/templates"
)

// Preflight refuses what stands in the way of a plan beside the files that it
// leads to, which [CheckFiles] looks at: "httpd -t" does not see it.
func (m Manager) Preflight(plan *Plan) error {
	return errors.Join(m.checkMPM(), m.checkPorts(plan), m.checkCertbotRuns())
}

// checkSite refuses a site whose files are not there, or not as they have to be. A
// script that is missing would be answered with 404.
func checkSite(site templates.Site) error {
	if site.SSLCertificateFile != "" {
		if _, err := readCertificate(site.SSLCertificateFile, site.SSLCertificateKeyFile); err != nil {
			return fmt.Errorf("certificate %s with key %s: %w", site.SSLCertificateFile, site.SSLCertificateKeyFile, err)
		}
	}
	for _, path := range []string{site.SSLCertificateChainFile, site.SSLCACertificateFile} {
		if err := checkAuthorities(path); err != nil {
			return err
		}
	}
	if site.LogDirectory != "" && !isFolder(site.LogDirectory) {
		return fmt.Errorf("log-directory: %s", noLogFolder(site.LogDirectory))
	}
	if !site.HasOwnScript() && site.Script != "" && !isFile(site.Script) {
		return fmt.Errorf("script %s: there is no such file", site.Script)
	}
	return nil
}

var listenName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`wsgictl-listen-([0-9]+)\.conf$`) })

// checkPorts refuses ports that Apache shall open and another program has:
// Apache stops when it reloads and cannot open one. One that it has already, it
// keeps.
func (m Manager) checkPorts(plan *Plan) error {
	var all []error
	for _, change := range plan.Changes {
		match := listenName().FindStringSubmatch(change.Path)
		if match == nil || change.After.Kind != store.File || change.Before.Kind != store.Absent {
			continue
		}
		listener, err := net.Listen("tcp", ":"+match[1])
		if err == nil {
			err = listener.Close()
		} else {
			err = m.portTaken(match[1], err)
		}
		all = append(all, err)
	}
	return errors.Join(all...)
}

// portTaken says why a port cannot be opened, and who has it.
func (m Manager) portTaken(text string, failed error) error {
	port, err := strconv.Atoi(text)
	if err != nil {
		return err
	}
	holders := portHolders(port)
	switch {
	case slices.Contains(holders, m.RunningPID()):
		return nil
	case len(holders) > 0:
		return fmt.Errorf("port %d: Apache cannot listen on it, since %s does: stop that program, or give the site another port", port, processName(holders[0]))
	case errors.Is(failed, syscall.EADDRINUSE):
		return fmt.Errorf("port %d: Apache cannot listen on it, since another program does: stop that program, or give the site another port", port)
	}
	return fmt.Errorf("port %d: it cannot be listened on: %s", port, inWords(failed))
}
