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
	_, err := p.certificate()
	return err
}

// certificateSize is far above what a certificate with its chain takes, in
// bytes.
const certificateSize = 1 << 20

// certificate is the one for HTTPS, with its key.
func (p *planner) certificate() (tls.Certificate, error) {
	o := p.command.Options
	certificate, err := p.trusted.ReadFile(o.SSLCertificateFile, certificateSize)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	key, err := p.trusted.ReadFile(o.SSLCertificateKeyFile, certificateSize)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("key of the certificate: %w", err)
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return pair, fmt.Errorf("certificate %s with key %s: %w", o.SSLCertificateFile, o.SSLCertificateKeyFile, err)
	}
	return pair, nil
}

// expired tells of a certificate that browsers refuse.
func (p *planner) expired() notes {
	if p.command.HTTPSPort == 0 {
		return nil
	}
	pair, err := p.certificate()
	if err != nil || time.Now().Before(pair.Leaf.NotAfter) {
		return nil
	}
	return note("The certificate %s has expired (%s): browsers refuse it until it is renewed.", p.command.SSLCertificateFile, pair.Leaf.NotAfter.Format(time.DateOnly))
}
