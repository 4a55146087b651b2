package express

import (
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
)

// An https is how the server speaks HTTPS, if it does.
type https struct {
	templates.TLS
	notes notes
}

// settleHTTPS completes what was asked for, and refuses what would leave the site on
// HTTP alone while its owner thinks otherwise.
func settleHTTPS(o Options, who identity) (https, error) {
	settled := o.TLS
	if stem := o.SSLCertificate; stem != "" {
		settled.SSLCertificateFile, settled.SSLCertificateKeyFile = stem+".crt", stem+".key"
	}
	for _, path := range templates.Paths(&settled) {
		*path = who.abs(*path)
	}
	settled.HSTSPolicy = unquoted(settled.HSTSPolicy)
	h := https{TLS: settled}
	if err := h.check(o.Port); err != nil || h.HTTPSPort == 0 {
		return h, wrongUse(err)
	}
	if err := who.checkUses(h.uses()); err != nil {
		return h, err
	}
	pair, err := readCertificate(h.TLS, who.trusted)
	if err != nil {
		return h, WrongUse{err}
	}
	if !time.Now().Before(pair.Leaf.NotAfter) {
		h.notes = note("The certificate %s has expired (%s): browsers refuse it until it is renewed.", h.SSLCertificateFile, pair.Leaf.NotAfter.Format(time.DateOnly))
	}
	return h, nil
}

func (h https) check(httpPort int) error {
	without := h.WithoutHTTPS()
	if h.HTTPS() {
		without = "ssl-certificate"
	}
	switch {
	case h.HTTPSPort == 0 && without != "":
		return fmt.Errorf("--%s has no effect without HTTPS; name its port with --https-port", without)
	case h.HTTPSPort == 0:
		return nil
	case h.SSLCertificateFile == "" || h.SSLCertificateKeyFile == "":
		return errors.New("--https-port needs a certificate and its key: --ssl-certificate-file and --ssl-certificate-key-file, or --ssl-certificate")
	case h.HTTPSPort == httpPort:
		return fmt.Errorf("--https-port %d: HTTP has that port", h.HTTPSPort)
	case len(h.SSLVerifyClient) > 0 && h.SSLCACertificateFile == "":
		return errors.New("--ssl-verify-client needs --ssl-ca-certificate-file")
	}
	return nil
}

// uses are the files that Apache reads as root.
func (h https) uses() []use {
	var uses []use
	for _, file := range []struct{ option, path string }{
		{"ssl-certificate-file", h.SSLCertificateFile},
		{"ssl-certificate-key-file", h.SSLCertificateKeyFile},
		{"ssl-certificate-chain-file", h.SSLCertificateChainFile},
		{"ssl-ca-certificate-file", h.SSLCACertificateFile},
	} {
		uses = append(uses, use{option: file.option, path: file.path, how: "it is read"})
	}
	return uses
}

// certificateSize is far above what a certificate with its chain takes, in
// bytes.
const certificateSize = 1 << 20

// readCertificate is the certificate with its key.
func readCertificate(of templates.TLS, trusted trust.Trustees) (tls.Certificate, error) {
	certificate, err := trusted.ReadFile(of.SSLCertificateFile, certificateSize)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	key, err := trusted.ReadFile(of.SSLCertificateKeyFile, certificateSize)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("key of the certificate: %w", err)
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return pair, fmt.Errorf("certificate %s with key %s: %w", of.SSLCertificateFile, of.SSLCertificateKeyFile, err)
	}
	return pair, nil
}
