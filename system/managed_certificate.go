package system

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
)

// CertificateStore is the folder in which mod_md of this Apache keeps certificates;
// empty where that is not known.
func (m Manager) CertificateStore() string {
	config, err := m.live()
	if err != nil {
		return "" // which whoever plans is told
	}
	return m.Apache.CertificateStore(config)
}

// checkManaged refuses a site for which mod_md would get no certificate: where the
// authority does not ask at its port, or certbot has one already.
func (d *declaring) checkManaged(site templates.Site) error {
	if site.ACME.ACME == "" {
		return nil
	}
	if c, there := d.certbotCopy(site.Name); there {
		return fmt.Errorf("acme: certbot serves it by HTTPS already (%s), and renews its certificate: leave acme out, declare that certificate with \"wsgictl apply --take-certificate\", or let certbot give it up first (%s)",
			c.File, d.giveUpCertbot(site.Name))
	}
	reached := site.Port == 0 || site.Port == 80
	for directive := range d.assumed.Directives() {
		if directive.Is("MDPortMap") && slices.Contains(directive.Words(), fmt.Sprintf("80:%d", site.Port)) {
			reached = true
		}
	}
	if !reached {
		return fmt.Errorf("acme: authorities ask at port 80, and the site has port %[1]d: leave port out; or, where requests to port 80 are passed on to it, say so in a file of Apache's configuration: MDPortMap 80:%[1]d", site.Port)
	}
	return nil
}

// startsManaging tells whether a plan brings mod_md to an Apache that runs. By the first
// reload with it mod_md does nothing: it takes that for the look at the configuration
// with which each start begins (md_post_config_before_ssl in mod_md.c).
func (m Manager) startsManaging(plan *Plan, running bool) (bool, error) {
	isManaged := func(site Site) bool { return site.Certificate != "" && !site.Disabled }
	if !running || !slices.ContainsFunc(slices.Collect(maps.Values(plan.Next.Sites)), isManaged) {
		return false, nil
	}
	config, err := m.live()
	if err != nil {
		return false, err
	}
	return config.HasModule("md_module") != expr.True, nil
}

// giveUpCertbot is how certbot's virtual host for a site is disabled.
func (a *Apache) giveUpCertbot(site string) string {
	if a.places.Site.Disable != "" {
		return fmt.Sprintf("%s %s-le-ssl, certbot delete", a.places.Site.Disable, site)
	}
	return "rm " + a.certbotPaths(site).File + ", certbot delete"
}

// isFallback tells the answer of mod_ssl as long as mod_md has no certificate.
func isFallback(response *http.Response) bool {
	return response.StatusCode == http.StatusServiceUnavailable && response.TLS != nil && len(response.TLS.PeerCertificates) > 0 &&
		response.TLS.PeerCertificates[0].Subject.CommonName == "Apache Managed Domain Fallback"
}

func redirectsToHTTPS(response *http.Response) bool {
	return response.TLS == nil && response.StatusCode/100 == 3 && strings.HasPrefix(response.Header.Get("Location"), "https://")
}

// A ManagedCertificate is what is known of the certificate that mod_md looks after for
// a site.
type ManagedCertificate struct {
	Until  time.Time // end of the one in use; zero where there is none yet
	Issuer string    // of that one
	Waits  bool      // another one has been obtained, and is taken up by the next reload

	Attempts int       // failed, one after the other
	Problem  string    // of the last one, by the authority's word
	Next     time.Time // attempt; zero where none is planned
}

// Managed reads what there is of the certificate of a site; nil for a site that has
// none of mod_md.
func (s Site) Managed() (*ManagedCertificate, error) {
	if s.Certificate == "" || s.Disabled {
		return nil, nil
	}
	m := &ManagedCertificate{}
	return m, errors.Join(m.readCertificate(s.Certificate), m.readJob(s.Job))
}

func (m *ManagedCertificate) readCertificate(path string) error {
	text, err := trust.ReadFile(path, pemLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the certificate: %w", err)
	}
	block := firstBlock(text, "CERTIFICATE")
	if block == nil {
		return fmt.Errorf("certificate %s: %w", path, errNoCertificate)
	}
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return fmt.Errorf("certificate %s: it is not one that can be read", path)
	}
	m.Until, m.Issuer = leaf.NotAfter, leaf.Issuer.CommonName
	return nil
}

// jobLimit bounds what mod_md notes of its work, in bytes: it keeps the last entries.
const jobLimit = 1 << 20

// readJob reads what mod_md has written as Apache's User.
func (m *ManagedCertificate) readJob(path string) error {
	text, err := trust.ReadFile(path, jobLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read what mod_md has done: %w", err)
	}
	var job struct {
		Finished bool   `json:"finished"`
		Errors   int    `json:"errors"`
		NextRun  string `json:"next-run"`
		Last     struct {
			Problem string `json:"problem"`
			Detail  string `json:"detail"`
		} `json:"last"`
	}
	if err := json.Unmarshal(text, &job); err != nil {
		return fmt.Errorf("%s: it is not what mod_md writes", path)
	}
	m.Waits, m.Attempts = job.Finished, job.Errors
	if m.Attempts > 0 {
		m.Problem = strings.Join(slices.DeleteFunc([]string{job.Last.Problem, job.Last.Detail}, func(s string) bool { return s == "" }), ": ")
		m.Next, _ = time.Parse(time.RFC1123, job.NextRun) // zero where it says none
	}
	return nil
}

// AwaitCertificates waits for the first certificates of the sites that a plan is about,
// and has Apache take them up, and redirect to HTTPS. Where the authority gives one of
// them no certificate it does not go on waiting for that one: mod_md tries again.
func (m Manager) AwaitCertificates(ctx context.Context, plan *Plan, limit time.Duration) error {
	waiting := plan.managed()
	if len(waiting) == 0 || m.RunningPID() == 0 {
		return nil
	}
	m.Report("wait for the certificates")
	end := time.After(limit)
	for len(waiting) > 0 {
		obtained := map[string]Site{}
		for name, site := range waiting {
			certificate, err := site.Managed()
			if err != nil {
				return fmt.Errorf("site %s: %w", name, err)
			}
			if certificate.Waits {
				obtained[name] = site
			}
			if certificate.Waits || certificate.Attempts > 0 {
				delete(waiting, name)
			}
		}
		if len(obtained) > 0 {
			if err := m.takeUp(ctx, plan.Next.Mark, obtained); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return nil // whoever asks is told what there is
		case <-end:
			return nil
		case <-time.After(lastPause / 4):
		}
	}
	return nil
}

// IsAbout tells whether a plan is about a site.
func (p *Plan) IsAbout(site string) bool { return !slices.Contains(p.others, site) }

// takeUp reloads Apache until it serves sites by their first certificates: by one reload
// mod_md puts these into use, and by the next Apache reads that it is to redirect.
func (m Manager) takeUp(ctx context.Context, mark string, sites map[string]Site) error {
	secure, whole := Generation{Mark: mark, Sites: map[string]Site{}}, Generation{Mark: mark, Sites: map[string]Site{}}
	redirects := false
	for name, site := range sites {
		certified := site
		certified.Checks = nil
		for _, check := range site.Checks {
			if check.Managed && strings.HasPrefix(check.URL, "http:") {
				check.Daemon, redirects = "", true
			}
			check.Managed = false
			certified.Checks = append(certified.Checks, check)
		}
		whole.Sites[name] = certified
		certified.Checks = certified.Checks[1:]
		secure.Sites[name] = certified
	}
	if err := m.reloadFor(ctx, secure); err != nil || !redirects {
		return err
	}
	return m.reloadFor(ctx, whole)
}

// reloadFor reloads Apache until it serves a generation.
func (m Manager) reloadFor(ctx context.Context, g Generation) error {
	m.Report("reload Apache")
	if err := m.graceful(ctx); err != nil {
		return err
	}
	return m.Health(ctx, g, m.Limit)
}

// managed are the sites of a plan that have no certificate yet and get one of mod_md.
func (p *Plan) managed() map[string]Site {
	sites := map[string]Site{}
	for name, site := range p.Next.Sites {
		certificate, err := site.Managed()
		if p.IsAbout(name) && certificate != nil && (err != nil || certificate.Until.IsZero()) {
			sites[name] = site
		}
	}
	return sites
}
