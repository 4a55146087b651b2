package express

import (
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"github.com/wsgictl/wsgictl/templates"
)

// settleTLS completes what was asked for of HTTPS.
func (p *planner) settleTLS() templates.TLS {
	tls := p.command.Options.TLS
	if stem := p.command.SSLCertificate; stem != "" {
		tls.SSLCertificateFile, tls.SSLCertificateKeyFile = stem+".crt", stem+".key"
	}
	for _, path := range templates.Paths(&tls) {
		*path = p.caller.abs(*path)
	}
	tls.HSTSPolicy = unquoted(tls.HSTSPolicy)
	return tls
}

// checkHTTPS refuses what would leave the site on HTTP alone while its owner
// thinks otherwise.
func (p *planner) checkHTTPS(o Options) error {
	without := o.WithoutHTTPS()
	if o.TLS.HTTPS() {
		without = "ssl-certificate"
	}
	switch {
	case o.HTTPSPort == 0 && without != "":
		return fmt.Errorf("--%s has no effect without HTTPS; name its port with --https-port", without)
	case o.HTTPSPort == 0:
		return nil
	case o.SSLCertificateFile == "" || o.SSLCertificateKeyFile == "":
		return errors.New("--https-port needs a certificate and its key: --ssl-certificate-file and --ssl-certificate-key-file, or --ssl-certificate")
	case o.HTTPSPort == o.Port:
		return fmt.Errorf("--https-port %d: HTTP has that port", o.HTTPSPort)
	case len(o.SSLVerifyClient) > 0 && o.SSLCACertificateFile == "":
		return errors.New("--ssl-verify-client needs --ssl-ca-certificate-file")
	}
	return p.checkCertificate(o)
}

// certificateSize is far above what a certificate with its chain takes, in
// bytes.
const certificateSize = 1 << 20

func (p *planner) checkCertificate(o Options) error {
	certificate, err := p.trusted.ReadFile(o.SSLCertificateFile, certificateSize)
	if err != nil {
		return fmt.Errorf("certificate: %w", err)
	}
	key, err := p.trusted.ReadFile(o.SSLCertificateKeyFile, certificateSize)
	if err != nil {
		return fmt.Errorf("key of the certificate: %w", err)
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return fmt.Errorf("certificate %s with key %s: %w", o.SSLCertificateFile, o.SSLCertificateKeyFile, err)
	}
	if until := pair.Leaf.NotAfter; time.Now().After(until) {
		p.note("The certificate %s has expired (%s): browsers refuse it until it is renewed.", o.SSLCertificateFile, until.Format(time.DateOnly))
	}
	return nil
}
