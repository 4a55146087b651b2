package system

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/store"
)

// TakeCertificates is a declaration that declares what certbot serves, with the
// change of its file that says so: of all its sites, unless only some are named.
func (m Manager) TakeCertificates(d intent.Declared, only []string) (intent.Declared, store.Change, error) {
	current, err := m.Current()
	if err != nil {
		return d, store.Change{}, err
	}
	copies := slices.DeleteFunc(m.CertbotCopies(current), func(c CertbotCopy) bool {
		return !d.File.Declares(c.Site) || len(only) > 0 && !slices.Contains(only, c.Site)
	})
	if len(copies) == 0 {
		return d, store.Change{}, fmt.Errorf("--take-certificate: certbot serves no site of %s: it would have a virtual host of its own, NAME-le-ssl.conf, for it", d.Path)
	}
	change, err := Rewriting(d.Path, func(text string) (string, error) {
		for _, c := range copies {
			if text, err = intent.AddToSite(d.Path, text, c.Site, keysFor(c)); err != nil {
				return "", err
			}
		}
		d, err = d.Again(text)
		return text, err
	})
	if err != nil {
		var lines strings.Builder
		for _, c := range copies {
			fmt.Fprintf(&lines, "\n[site.%s]\n%s", c.Site, strings.Join(keysFor(c), "\n"))
		}
		return d, store.Change{}, fmt.Errorf("declare the certificate: %w; or write these lines into it yourself, and apply:%s", err, lines.String())
	}
	return d, change, nil
}

// keysFor are the lines of a site that serve to clients what certbot's copy does.
func keysFor(c CertbotCopy) []string {
	keys := []string{fmt.Sprintf("ssl-certificate-file = %q", c.Certificate), fmt.Sprintf("ssl-certificate-key-file = %q", c.Key)}
	if c.Port != "443" {
		keys = append(keys, "https-port = "+c.Port)
	}
	if !c.Redirects {
		keys = append(keys, "https-only = false")
	}
	if !c.HSTS && c.Redirects {
		keys = append(keys, `hsts-policy = "off"`)
	}
	if c.HSTS && !c.Redirects {
		keys = append(keys, `hsts-policy = "max-age=31536000"`)
	}
	return keys
}
