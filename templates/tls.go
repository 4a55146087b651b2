package templates

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"sync"
)

// TLS declares how a site is served by HTTPS. The tags are its keys in
// wsgictl.toml and the flags of render and start-server; asroot marks what
// Apache reads as root.
type TLS struct {
	HTTPSPort               int      `toml:"https-port" alias:"ssl-port" placeholder:"PORT" max:"65535" help:"Port for HTTPS, which needs a certificate and its key (default: 443)."`
	SSLCertificateFile      string   `toml:"ssl-certificate-file" placeholder:"FILE" asroot:"1" help:"Certificate, with its chain behind it if that has no file of its own; with it the site is an HTTPS site."`
	SSLCertificateKeyFile   string   `toml:"ssl-certificate-key-file" placeholder:"FILE" asroot:"1" help:"Key of the certificate."`
	SSLCertificateChainFile string   `toml:"ssl-certificate-chain-file" placeholder:"FILE" asroot:"1" help:"Chain of the certificate, where it is a file of its own."`
	SSLCACertificateFile    string   `toml:"ssl-ca-certificate-file" name:"ssl-ca-certificate-file" placeholder:"FILE" asroot:"1" help:"Ask clients for a certificate that one of these authorities signed."`
	SSLVerifyClient         []string `toml:"ssl-verify-client" sep:"none" placeholder:"URL-PATH" help:"Ask for a client certificate only below this path."`
	SSLEnvironment          bool     `toml:"ssl-environment" help:"Pass the SSL_* variables to the application."`
	HTTPSOnly               *bool    `toml:"https-only" negatable:"" help:"Redirect HTTP to HTTPS (default: yes, for an HTTPS site)."`
	HSTSPolicy              string   `toml:"hsts-policy" placeholder:"POLICY" help:"Strict-Transport-Security header, or \"off\" (default: max-age=31536000 where HTTP is redirected)."`

	ACME
}

// withDefaults fills in what was left out.
func (t TLS) withDefaults() TLS {
	if t.HTTPS() { // without a certificate a port is one that was asked for
		setDefault(&t.HTTPSPort, 443)
	}
	if t.Redirects() {
		setDefault(&t.HSTSPolicy, "max-age=31536000")
	}
	setDefault(&t.HSTSPolicy, "off")
	return t
}

// HTTPS tells whether there is a certificate, or will be one.
func (t TLS) HTTPS() bool { return t.SSLCertificateFile != "" || t.ACME.ACME != "" }

// Redirects tells whether HTTP only leads to HTTPS.
func (t TLS) Redirects() bool { return t.HTTPS() && (t.HTTPSOnly == nil || *t.HTTPSOnly) }

// VerifyClient is the argument of SSLVerifyClient. The certificate is asked for
// in the handshake, also where only some paths need it: TLS 1.3 lets a server
// ask later, but browsers do not answer.
func (t TLS) VerifyClient() string {
	if len(t.SSLVerifyClient) > 0 {
		return "optional"
	}
	return "require"
}

// VerifiedPaths are the URL paths that need a client certificate, those below
// another before it.
func (t TLS) VerifiedPaths() []string {
	switch {
	case t.SSLCACertificateFile == "":
		return nil
	case len(t.SSLVerifyClient) == 0:
		return []string{"/"}
	}
	return slices.SortedFunc(slices.Values(t.SSLVerifyClient), func(a, b string) int { return cmp.Compare(b, a) })
}

var hstsPolicy = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(off|max-age=[0-9]+(; ?includeSubDomains)?(; ?preload)?)$`)
})

// WithoutHTTPS is the name of a setting that has no effect without a
// certificate; empty where there is none.
func (t TLS) WithoutHTTPS() string {
	for _, setting := range []struct {
		name  string
		given bool
	}{
		{"ssl-certificate-key-file", t.SSLCertificateKeyFile != ""},
		{"ssl-certificate-chain-file", t.SSLCertificateChainFile != ""},
		{"ssl-ca-certificate-file", t.SSLCACertificateFile != ""},
		{"ssl-verify-client", len(t.SSLVerifyClient) > 0},
		{"ssl-environment", t.SSLEnvironment},
		{"https-only", t.HTTPSOnly != nil && *t.HTTPSOnly},
		{"hsts-policy", t.HSTSPolicy != "" && t.HSTSPolicy != "off"},
		{"https-port", t.HTTPSPort != 0},
	} {
		if setting.given && !t.HTTPS() {
			return setting.name
		}
	}
	return ""
}

// check reports what Apache would not read as meant, and what would leave a site
// on HTTP alone, or open to all, while its owner thinks otherwise.
func (t TLS) check() error {
	switch name := t.WithoutHTTPS(); {
	case name == "ssl-certificate-key-file":
		return errors.New("ssl-certificate-file and ssl-certificate-key-file: want the absolute path of both")
	case name != "":
		return fmt.Errorf("%s has no effect without HTTPS; name a certificate with ssl-certificate-file", name)
	case t.ACME.ACME != "" && t.SSLCertificateFile+t.SSLCertificateKeyFile+t.SSLCertificateChainFile != "":
		return errors.New("acme and ssl-certificate-file: a site has one certificate; leave one of them out")
	case !hstsPolicy().MatchString(t.HSTSPolicy):
		return fmt.Errorf("hsts-policy %q: want off, or max-age=SECONDS with includeSubDomains and preload if need be", t.HSTSPolicy)
	case t.ACME.ACME == "" && t.HTTPS() && (!path.IsAbs(t.SSLCertificateFile) || !path.IsAbs(t.SSLCertificateKeyFile)):
		return errors.New("ssl-certificate-file and ssl-certificate-key-file: want the absolute path of both")
	}
	if err := t.ACME.check(); err != nil {
		return err
	}
	return t.checkClients()
}

func (t TLS) checkClients() error {
	for _, file := range []struct{ name, path string }{
		{"ssl-certificate-chain-file", t.SSLCertificateChainFile}, {"ssl-ca-certificate-file", t.SSLCACertificateFile},
	} {
		if file.path != "" && !path.IsAbs(file.path) {
			return fmt.Errorf("%s %s: want an absolute path", file.name, file.path)
		}
	}
	if len(t.SSLVerifyClient) > 0 && t.SSLCACertificateFile == "" {
		return errors.New("ssl-verify-client needs ssl-ca-certificate-file")
	}
	for _, p := range t.SSLVerifyClient {
		if err := checkURLPath("ssl-verify-client", p); err != nil {
			return err
		}
	}
	return nil
}
