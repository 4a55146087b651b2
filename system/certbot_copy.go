package system

import (
	"bytes"
	"iter"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/trust"
)

// A CertbotCopy is the virtual host for HTTPS that "certbot --apache" makes of a
// site's: a copy, as the site was then, in NAME-le-ssl.conf.
type CertbotCopy struct {
	Site             string
	File             string
	Certificate, Key string
	Port             string // "443"
	Redirects        bool   // the site's own virtual host leads to it
	HSTS             bool   // browsers are told to come back by HTTPS only
	Stale            bool   // the site's virtual host has become another one since

	enabled string // the link that enables it; the file itself where there are none
}

// certbotCopy is certbot's virtual host for a site, where it is enabled.
func (a *Apache) certbotCopy(site string) (CertbotCopy, bool) {
	c := a.certbotPaths(site)
	text, err := trust.ReadFile(c.enabled, stagedLimit)
	if err != nil || firstLinePattern().Match(text) {
		return CertbotCopy{}, false
	}
	for node := range conf.Parse(c.File, string(text)).Nodes() {
		words := node.Words()
		switch name := strings.ToLower(node.Name()); {
		case len(words) == 0:
		case name == "virtualhost" && node.Kind() == conf.OpenLine:
			c.Port = words[0][strings.LastIndexByte(words[0], ':')+1:]
		case name == "sslcertificatefile":
			c.Certificate = words[0]
		case name == "sslcertificatekeyfile":
			c.Key = words[0]
		case name == "header" && slices.Contains(words, "Strict-Transport-Security"):
			c.HSTS = true
		}
	}
	own, err := trust.ReadFile(a.places.Site.File(site), stagedLimit)
	if err != nil || c.Certificate == "" || c.Key == "" {
		return CertbotCopy{}, false
	}
	c.Redirects = bytes.Contains(own, []byte("\nRewriteRule ^ https://%{SERVER_NAME}%{REQUEST_URI} "))
	c.Stale = !slices.Equal(hostLines(string(own)), hostLines(string(text)))
	return c, true
}

// certbotPaths are where certbot writes its copy.
func (a *Apache) certbotPaths(site string) CertbotCopy {
	name := site + "-le-ssl"
	return CertbotCopy{Site: site, File: a.places.Site.File(name), enabled: a.places.Site.Enabling(name)}
}

// hostLines are what the virtual hosts of a site and of certbot's copy have in
// common.
func hostLines(text string) []string {
	var lines []string
	for line, inside := range linesWithoutCertbots(text) {
		if inside {
			lines = append(lines, line)
		}
	}
	return lines
}

// linesWithoutCertbots are the lines of a file, but for blank ones, certbot's own and
// those that open and close virtual hosts, each with whether it stands inside of one.
func linesWithoutCertbots(text string) iter.Seq2[string, bool] {
	return func(yield func(line string, inside bool) bool) {
		inside := false
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			switch {
			case strings.HasPrefix(line, "<VirtualHost"):
				inside = true
			case line == "</VirtualHost>":
				inside = false
			case line == "" || isCertbotLine(line) || challengeLine().MatchString(line):
			case !yield(line, inside):
				return
			}
		}
	}
}

// CertbotCopies are certbot's virtual hosts for sites of a generation, by the
// names of the sites.
func (m Manager) CertbotCopies(g Generation) []CertbotCopy {
	var copies []CertbotCopy
	for _, name := range slices.Sorted(maps.Keys(g.Sites)) {
		if c, there := m.certbotCopy(name); there {
			copies = append(copies, c)
		}
	}
	return copies
}

// SitesWithoutCertificate are the sites that a plan is about and that declare no
// certificate.
func (p *Plan) SitesWithoutCertificate() map[string]Site {
	sites := map[string]Site{}
	for name, site := range p.Next.Sites {
		if !slices.Contains(p.others, name) && !site.isHTTPS() {
			sites[name] = site
		}
	}
	return sites
}

// checks are how to see that a site is served, also where certbot serves its
// HTTPS.
func (a *Apache) checks(name string, site Site) []Check {
	c, there := a.certbotCopy(name)
	if !there || site.isHTTPS() || len(site.Checks) == 0 {
		return site.Checks
	}
	checks := slices.Clone(site.Checks)
	secure, err := secureURL(checks[0].URL, c.Port)
	if err != nil {
		return site.Checks
	}
	checks = append(checks, Check{URL: secure, Daemon: site.Daemon})
	if c.Redirects {
		checks[0].Daemon = ""
	}
	return checks
}

// secureURL is the HTTPS address of what is at an HTTP one.
func secureURL(address, port string) (string, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	parsed.Scheme, parsed.Host = "https", net.JoinHostPort(parsed.Hostname(), port)
	return parsed.String(), nil
}
