package system

import (
	"errors"
	"fmt"
	"net"
	"os"
	"regexp"
	"sync"

	"github.com/wsgictl/wsgictl/templates"
)

// Preflight refuses what "httpd -t" accepts and what yet ends a running Apache
// when it takes the plan up.
func (m Manager) Preflight(plan *Plan) error {
	return errors.Join(m.checkMPM(), plan.checkPorts(), m.checkCertificates())
}

// checkFiles refuses what "httpd -t" accepts and what yet ends a running
// Apache when it reloads: a folder for logs that is not there, a certificate
// that does not fit its key. A script that is missing would be answered with
// 404.
func checkFiles(site templates.Site) error {
	if site.HTTPS() {
		if _, err := readCertificate(site.SSLCertificateFile, site.SSLCertificateKeyFile); err != nil {
			return fmt.Errorf("certificate %s with key %s: %w", site.SSLCertificateFile, site.SSLCertificateKeyFile, err)
		}
	}
	if site.LogDirectory != "" {
		if info, err := os.Stat(site.LogDirectory); err != nil || !info.IsDir() {
			return fmt.Errorf("log-directory %s: there is no such folder; make it, since Apache ends when it cannot write its logs", site.LogDirectory)
		}
	}
	if site.Module == "" && site.Script != "" && !isFile(site.Script) {
		return fmt.Errorf("script %s: there is no such file", site.Script)
	}
	return nil
}

var listenName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`wsgictl-listen-([0-9]+)\.conf$`) })

// checkPorts refuses ports that Apache shall open and another program has:
// Apache ends when it reloads and cannot open one.
func (p *Plan) checkPorts() error {
	var all []error
	for _, change := range p.Changes {
		match := listenName().FindStringSubmatch(change.Path)
		if match == nil || change.After.Kind != File || change.Before.Kind != Absent {
			continue
		}
		listener, err := net.Listen("tcp", ":"+match[1])
		if err != nil {
			all = append(all, fmt.Errorf("port %s: Apache cannot open it, since another program has it: %w", match[1], err))
			continue
		}
		all = append(all, listener.Close())
	}
	return errors.Join(all...)
}
