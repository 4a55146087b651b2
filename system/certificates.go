package system

import (
	"cmp"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/trust"
)

// certificateFaults finds certificates with the key of another. "httpd -t" accepts
// them, and a running Apache exits by them when it reloads: one that was renewed
// half is found here. What Go cannot read, such as a key with a passphrase, is left
// to Apache.
func certificateFaults(config *conf.Config) []fault {
	hosts := tlsHosts(config)
	var all []fault
	for _, h := range hosts {
		if cmp.Or(h.engine, hosts[nil].engine, "off") == "off" {
			continue
		}
		for i, certificate := range h.certificates {
			key := certificate // a file may hold both
			if i < len(h.keys) {
				key = h.keys[i]
			}
			if _, err := readCertificate(certificate, key); errors.Is(err, errOtherKey) {
				at := h.places[i]
				all = append(all, fault{at.File, at.Line, fmt.Sprintf("certificate %s with key %s: %v; Apache would exit by it", certificate, key, err)})
			}
		}
	}
	slices.SortFunc(all, func(a, b fault) int { return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line)) })
	return all
}

// A tlsHost is what a virtual host, or the main server, says of TLS.
type tlsHost struct {
	engine             string // empty where the main server's counts
	certificates, keys []string
	places             []conf.Pos // of the certificates
}

// tlsHosts are those of a configuration, by their sections; the main server has none.
func tlsHosts(config *conf.Config) map[*conf.Directive]*tlsHost {
	hosts := map[*conf.Directive]*tlsHost{nil: {}}
	for directive := range certain(config) {
		section := directive.VirtualHost()
		if hosts[section] == nil {
			hosts[section] = &tlsHost{}
		}
		path := installed.Below(config.ServerRoot, directive.Word(0))
		switch h := hosts[section]; {
		case directive.Is("SSLEngine"):
			h.engine = strings.ToLower(directive.Word(0))
		case directive.Is("SSLCertificateFile"):
			h.certificates, h.places = append(h.certificates, path), append(h.places, directive.Pos())
		case directive.Is("SSLCertificateKeyFile"):
			h.keys = append(h.keys, path)
		}
	}
	return hosts
}

// pemLimit bounds a file of certificates or a key, in bytes.
const pemLimit = 4 << 20

// readCertificate reads a certificate with its key, whoever they belong to.
func readCertificate(certificate, key string) (tls.Certificate, error) {
	chain, err := trust.ReadFile(certificate, pemLimit)
	if err != nil {
		return tls.Certificate{}, err
	}
	private, err := trust.ReadFile(key, pemLimit)
	if err != nil {
		return tls.Certificate{}, err
	}
	pair, err := tls.X509KeyPair(chain, private)
	if err != nil {
		return tls.Certificate{}, certificateFault(chain, private, err)
	}
	return pair, nil
}

// checkAuthorities refuses a file of certificates of others that is not there, or
// holds none; an empty name is none.
func checkAuthorities(path string) error {
	if path == "" {
		return nil
	}
	text, err := trust.ReadFile(path, pemLimit)
	if err == nil && !x509.NewCertPool().AppendCertsFromPEM(text) {
		err = errors.New("it holds no certificate in PEM form")
	}
	if err != nil {
		return fmt.Errorf("certificates %s: %w", path, err)
	}
	return nil
}

// The faults of a certificate and its key that have words of ours.
var (
	errOtherKey      = errors.New("the key does not belong to the certificate")
	errNoCertificate = errors.New("the first file holds no certificate in PEM form")
	errNoKey         = errors.New("the second file holds no private key in PEM form that can be read without a passphrase")
)

// certificateFault says in words why a certificate and its key are no pair; what it
// cannot tell is left as it is.
func certificateFault(chain, private []byte, err error) error {
	certificate := firstBlock(chain, "CERTIFICATE")
	if certificate == nil {
		return errNoCertificate
	}
	key := privateKey(firstBlock(private, "PRIVATE KEY"))
	if key == nil {
		return errNoKey
	}
	leaf, unread := x509.ParseCertificate(certificate.Bytes)
	if unread != nil {
		return err
	}
	if public, ok := leaf.PublicKey.(interface{ Equal(crypto.PublicKey) bool }); ok && !public.Equal(key.Public()) {
		return errOtherKey
	}
	return err
}

// firstBlock is the first one of a kind in a PEM file, such as "PRIVATE KEY" and
// "RSA PRIVATE KEY"; nil where there is none.
func firstBlock(text []byte, kind string) *pem.Block {
	block, rest := pem.Decode(text)
	for block != nil && !strings.HasSuffix(block.Type, kind) {
		block, rest = pem.Decode(rest)
	}
	return block
}

// privateKey is the key of a block; nil where that has none, or has a passphrase.
func privateKey(block *pem.Block) crypto.Signer {
	if block == nil {
		return nil
	}
	var key any
	var err error
	switch block.Type {
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	}
	if signer, ok := key.(crypto.Signer); ok && err == nil {
		return signer
	}
	return nil
}
