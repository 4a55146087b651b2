package system

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// managed declares sites whose certificates come from an authority.
func (i *instance) managed(authority string, httpsPort int, names ...string) Declaration {
	d := i.declare("6.1.1", names...)
	for n := range d.Sites {
		site := &d.Sites[n]
		site.HTTPSPort, site.ACME.ACME, site.ACMEAcceptTerms, site.ACMEAuthority = httpsPort, "admin@example.org", true, authority
		site.ACMEStore = i.CertificateStore()
	}
	return d
}

// asked asks a site by HTTP and, by what those clients trust, by HTTPS. It gives the
// statuses and the certificate; no certificate where that is not trusted.
func (i *instance) asked(site string, httpsPort int, roots *x509.CertPool) (plain, secure int, certificate *x509.Certificate) {
	i.t.Helper()
	name := site + ".example.org"
	client := http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots},
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				_, port, _ := net.SplitHostPort(address)
				return (&net.Dialer{}).DialContext(ctx, network, "127.0.0.1:"+port)
			},
		},
	}
	get := func(url string) *http.Response {
		request, err := http.NewRequestWithContext(i.t.Context(), http.MethodGet, url, http.NoBody)
		if err != nil {
			i.t.Fatal(err)
		}
		response, err := client.Do(request)
		if err != nil {
			return &http.Response{}
		}
		response.Body.Close()
		return response
	}
	plain = get(fmt.Sprintf("http://%s:%d/", name, i.port)).StatusCode
	answer := get(fmt.Sprintf("https://%s:%d/", name, httpsPort))
	if answer.TLS != nil {
		certificate = answer.TLS.PeerCertificates[0]
	}
	return plain, answer.StatusCode, certificate
}

// statusOf is what is known of the certificate of a site.
func (i *instance) statusOf(site string) *ManagedCertificate {
	i.t.Helper()
	current, err := i.Current()
	if err != nil {
		i.t.Fatal(err)
	}
	certificate, err := current.Sites[site].Managed()
	if err != nil {
		i.t.Fatal(err)
	}
	return certificate
}

// awaited applies a declaration, as the command does.
func (i *instance) awaited(d Declaration) {
	i.t.Helper()
	plan, err := i.Plan(d, Refuse)
	if err != nil {
		i.t.Fatal(err)
	}
	if err := i.carryOut(plan); err != nil {
		i.t.Fatal(err)
	}
	if err := i.AwaitCertificates(i.t.Context(), plan, time.Minute); err != nil {
		i.t.Fatal(err)
	}
}

// From nothing to HTTPS, with a certificate that is renewed while clients ask, and an
// authority that is gone later.
func TestFirstCertificateComesFromTheAuthority(t *testing.T) {
	t.Parallel()
	i := newStoppedInstance(t, "event")
	https := httpdtest.FreePort(t)
	authority := newPebble(i, https)
	authority.start()
	i.waitsPatiently()
	i.start()
	d := i.managed(authority.directory(), https, "shop")
	i.awaited(d)
	roots := authority.roots()
	plain, secure, certificate := i.asked("shop", https, roots)
	if is := i.statusOf("shop"); plain != http.StatusMovedPermanently || secure != http.StatusOK || certificate == nil || is.Until.Before(time.Now()) || is.Attempts > 0 {
		t.Errorf("HTTP answers %d, HTTPS %d, certificate %v; known is %+v", plain, secure, certificate, is)
	}
	if n := i.planned(d); n > 0 {
		t.Errorf("%d changes", n)
	}

	// Apache takes a renewed one up by itself, and no request fails.
	i.write("conf-enabled/renew.conf", "MDRenewWindow 7775999s\n")
	var clients sync.WaitGroup
	var done atomic.Bool
	var answers atomic.Int64
	for range 4 {
		clients.Go(func() {
			for !done.Load() {
				if plain, secure, _ := i.asked("shop", https, roots); plain != http.StatusMovedPermanently || secure != http.StatusOK {
					t.Errorf("HTTP answers %d, HTTPS %d", plain, secure)
				}
				answers.Add(1)
			}
		})
	}
	i.reloads(answers.Load)
	i.await("Apache uses another certificate", func() bool {
		_, _, now := i.asked("shop", https, roots)
		return now != nil && now.SerialNumber.Cmp(certificate.SerialNumber) != 0
	})
	done.Store(true)
	clients.Wait()
	t.Logf("%d requests by HTTP and by HTTPS", answers.Load())
	if err := os.Remove(filepath.Join(i.root, "conf-enabled/renew.conf")); err != nil {
		t.Fatal(err)
	}

	// The authority is gone, and Apache is reloaded: the site keeps its certificate.
	authority.stop()
	if err := i.apply(with(d, "2")); err != nil {
		t.Error(err)
	}
	if plain, secure, _ := i.asked("shop", https, roots); plain != http.StatusMovedPermanently || secure != http.StatusOK {
		t.Errorf("HTTP answers %d, HTTPS %d", plain, secure)
	}
	i.clean()
}

// An authority that is down, or refuses, keeps no site from being served, and what is
// wrong is known.
func TestSiteIsServedByHTTPWhereTheAuthorityGivesNoCertificate(t *testing.T) {
	t.Parallel()
	i := newStoppedInstance(t, "event")
	https := httpdtest.FreePort(t)
	authority := newPebble(i, https)
	authority.start()
	i.start()
	d := i.managed(fmt.Sprintf("https://localhost:%d/dir", httpdtest.FreePort(t)), https, "shop", "refused")
	d.Sites[1].ACMEAuthority = authority.directory()
	i.awaited(d)
	for site, want := range map[string]string{"shop": d.Sites[0].ACMEAuthority, "refused": "rejectedIdentifier"} {
		plain, _, certificate := i.asked(site, https, authority.roots())
		if is := i.statusOf(site); plain != http.StatusOK || certificate != nil || !is.Until.IsZero() || is.Attempts == 0 || !strings.Contains(is.Problem, want) || is.Next.Before(time.Now()) {
			t.Errorf("%s: HTTP answers %d, certificate %v; known is %+v", site, plain, certificate, is)
		}
	}
	if n := i.planned(d); n > 0 {
		t.Errorf("%d changes", n)
	}
	i.clean()
}

// What certbot serves is left to it, and a port at which no authority asks is told.
func TestSiteThatGetsNoCertificateIsRefused(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	plain := i.declare("6.1.1", "shop")
	if err := i.apply(plain); err != nil {
		t.Fatal(err)
	}
	refused := func(want string) {
		t.Helper()
		if _, err := i.Plan(i.managed("", 0, "shop"), Refuse); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	refused(fmt.Sprintf("MDPortMap 80:%d", i.port))
	i.certbot()
	refused(i.root + "/sites-available/shop-le-ssl.conf), and renews its certificate: leave acme out")
}
