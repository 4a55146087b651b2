package templates

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"
	"sync"
)

// ACME declares that the certificate of a site comes from an authority that speaks
// ACME, such as Let's Encrypt. Apache's own mod_md gets it and renews it.
type ACME struct {
	ACME            string `name:"acme" toml:"acme" express:"-" placeholder:"ADDRESS" help:"Have Apache's mod_md get the certificate and renew it, from Let's Encrypt or acme-authority, to which this e-mail address is given; needs acme-accept-terms."`
	ACMEAcceptTerms bool   `name:"acme-accept-terms" toml:"acme-accept-terms" express:"-" help:"Accept the terms of service of the authority."`
	ACMEAuthority   string `name:"acme-authority" toml:"acme-authority" express:"-" placeholder:"URL" help:"ACME directory of another authority (default: Let's Encrypt's)."`

	ACMEStore string `toml:"-" kong:"-"` // folder in which mod_md keeps certificates
}

var eMailAddress = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[^@\s"\\,<>:]+@[A-Za-z0-9.-]+$`) })

func (a ACME) check() error {
	authority, err := url.Parse(a.ACMEAuthority)
	switch {
	case a.ACME == "" && a.ACMEAcceptTerms:
		return errors.New("acme-accept-terms has no effect without acme")
	case a.ACME == "" && a.ACMEAuthority != "":
		return errors.New("acme-authority has no effect without acme")
	case a.ACME == "":
		return nil
	case !eMailAddress().MatchString(a.ACME):
		return fmt.Errorf("acme %q: want an e-mail address, at which the authority reaches you", a.ACME)
	case !a.ACMEAcceptTerms:
		return fmt.Errorf("acme: %s gives certificates only to who accepts its terms of service: read them, and say so with acme-accept-terms", a.authority())
	case a.ACMEAuthority != "" && (err != nil || authority.Scheme != "https" || authority.Host == ""):
		return fmt.Errorf("acme-authority %q: want the https:// URL of its ACME directory", a.ACMEAuthority)
	case a.ACMEStore == "":
		return errors.New("acme: it is not known where mod_md of this Apache keeps its certificates; name a folder of root's with MDStoreDir in a file of Apache's configuration, or, for another machine, its facts with --host")
	}
	return nil
}

// authority is whose terms are accepted, for people.
func (a ACME) authority() string {
	if a.ACMEAuthority == "" {
		return "Let's Encrypt (https://letsencrypt.org/repository/)"
	}
	return a.ACMEAuthority
}

// ManagedNames are the names that the certificate is for, the first of which is
// mod_md's name for it.
func (s Site) ManagedNames() []string {
	names := []string{strings.ToLower(s.ServerName)}
	for _, alias := range s.ServerAlias {
		names = append(names, strings.ToLower(alias))
	}
	return names
}

// ManagedNext is the file in which mod_md keeps the next certificate until Apache is
// reloaded.
func (s Site) ManagedNext() string { return s.managed("staging", "pubcert.pem") }

// ManagedCertificate is the file in which mod_md keeps the certificate that is in use,
// and ManagedJob what it notes of its work on the next one, in a folder of Apache's
// User; both are empty for a site without acme.
func (s Site) ManagedCertificate() string { return s.managed("domains", "pubcert.pem") }
func (s Site) ManagedJob() string         { return s.managed("staging", "job.json") }

func (s Site) managed(group, file string) string {
	if s.ACME.ACME == "" || s.ACMEStore == "" {
		return ""
	}
	return path.Join(s.ACMEStore, group, s.ManagedNames()[0], file)
}

// checkManaged reports names for which an authority that asks by HTTP gives no
// certificate.
func (s Site) checkManaged() error {
	if s.ACME.ACME == "" {
		return nil
	}
	for _, name := range s.ManagedNames() {
		switch {
		case strings.HasPrefix(name, "*."):
			return fmt.Errorf("acme: for %s an authority asks in the DNS, not at this server: leave that server-alias out, or name a certificate with ssl-certificate-file", name)
		case !strings.Contains(name, "."):
			return fmt.Errorf("acme: %s is no name of the public DNS, for which an authority would give a certificate", name)
		}
	}
	return nil
}
