package installer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// maxPageSize bounds what is read of an index's page.
const maxPageSize = 32 << 20

// simpleTypes asks for JSON, and takes HTML from an index that knows no other.
const simpleTypes = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"

// A webClient fetches over HTTP with the logins, certificates and proxies that
// pip would use. No address in its errors holds a login.
type webClient struct {
	surroundings Surroundings
	trusted      []string
	keyring      *keyring // nil where none is to be asked
	http         *http.Client
}

func newWebClient(s Surroundings, settings IndexSettings) (*webClient, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = environmentProxy
	if settings.Proxy != "" {
		proxy, err := proxyAddress(settings.Proxy)
		if err != nil {
			return nil, err
		}
		transport.Proxy = http.ProxyURL(proxy)
	}
	var err error
	if transport.TLSClientConfig, err = tlsConfig(settings); err != nil {
		return nil, err
	}
	transport.ResponseHeaderTimeout = time.Minute
	web := &webClient{surroundings: s, trusted: settings.Trusted}
	if !settings.NoKeyring {
		web.keyring = s.findKeyring(settings.Indexes)
	}
	web.http = &http.Client{Transport: &trustingTransport{trusted: web, strict: transport}, CheckRedirect: web.redirect}
	return web, nil
}

// environmentProxy is HTTPS_PROXY, HTTP_PROXY and NO_PROXY.
func environmentProxy(request *http.Request) (*url.URL, error) {
	proxy, err := http.ProxyFromEnvironment(request)
	if err != nil {
		return nil, errors.New("HTTPS_PROXY or HTTP_PROXY: not a valid address") // the error would show a login
	}
	return proxy, nil
}

func proxyAddress(text string) (*url.URL, error) {
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	address, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("pip's setting proxy: not a valid address") // the error would show a login
	}
	return address, nil
}

func tlsConfig(settings IndexSettings) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if settings.CABundle != "" {
		text, err := readBundle(settings.CABundle)
		if err != nil {
			return nil, fmt.Errorf("certificates to trust (PIP_CERT, REQUESTS_CA_BUNDLE, SSL_CERT_FILE): %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("certificates to trust: no certificate in %s", settings.CABundle)
		}
	}
	if settings.ClientCert != "" {
		pair, err := tls.LoadX509KeyPair(settings.ClientCert, settings.ClientCert)
		if err != nil {
			return nil, fmt.Errorf("pip's setting client-cert: %w", err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}

// readBundle reads a file of certificates, or all files of a folder.
func readBundle(path string) ([]byte, error) {
	if !isFolder(path) {
		return os.ReadFile(path)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var all []byte
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(path, entry.Name()))
		if err == nil { // a folder, or a link that leads nowhere
			all = append(append(all, text...), '\n')
		}
	}
	return all, nil
}

// A trustingTransport does not check the certificates of the hosts that the
// setting trusted-host names.
type trustingTransport struct {
	trusted *webClient
	strict  *http.Transport
}

func (t *trustingTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.URL.Scheme != "https" || !t.trusted.trusts(request.URL) {
		return t.strict.RoundTrip(request)
	}
	lax := t.strict.Clone()
	lax.TLSClientConfig.InsecureSkipVerify = true // #nosec G402 -- what trusted-host asks for, for this host only
	lax.DisableKeepAlives = true
	return lax.RoundTrip(request)
}

// trusts reports whether trusted-host names the host, with its port or
// without.
func (w *webClient) trusts(address *url.URL) bool {
	return slices.ContainsFunc(w.trusted, func(host string) bool {
		return host == address.Hostname() || host == address.Host
	})
}

// redirect follows no redirect from https to an address that anyone on the way
// could answer for.
func (w *webClient) redirect(request *http.Request, via []*http.Request) error {
	if len(via) >= 10 {
		return errors.New("more than 10 redirects")
	}
	return w.secure(request.URL)
}

// secure refuses plain HTTP, except on this machine and for hosts that are
// trusted explicitly: pip's rule.
func (w *webClient) secure(address *url.URL) error {
	switch {
	case address.Scheme == "https":
		return nil
	case address.Scheme != "http":
		return fmt.Errorf("%s: only http and https are known here", redacted(address))
	case w.trusts(address), isLoopback(address.Hostname()):
		return nil
	}
	return fmt.Errorf("%s is not https: anyone on the way could answer; use https, or pip's setting trusted-host", redacted(address))
}

func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// page fetches a page of an index; base is where it was found at last.
func (w *webClient) page(ctx context.Context, address *url.URL) (text []byte, kind string, base *url.URL, err error) {
	response, err := w.get(ctx, address, simpleTypes)
	if err != nil {
		return nil, "", nil, err
	}
	defer response.Body.Close()
	text, err = io.ReadAll(io.LimitReader(response.Body, maxPageSize+1))
	if err != nil {
		return nil, "", nil, fmt.Errorf("read: %w", err)
	}
	if len(text) > maxPageSize {
		return nil, "", nil, fmt.Errorf("more than %d MiB", maxPageSize>>20)
	}
	kind, _, err = mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil {
		kind = "text/html"
	}
	return text, kind, response.Request.URL, nil
}

// get fetches an address; the body of its answer is the caller's to close.
func (w *webClient) get(ctx context.Context, address *url.URL, accept string) (*http.Response, error) {
	if err := w.secure(address); err != nil {
		return nil, err
	}
	user := w.login(address)
	response, err := w.ask(ctx, address, accept, user)
	if err == nil && response.StatusCode == http.StatusUnauthorized {
		if found := w.keyring.login(ctx, address, user); found != nil {
			_ = response.Body.Close()
			response, err = w.ask(ctx, address, accept, found)
		}
	}
	if err != nil {
		return nil, errors.New(withoutAddress(err))
	}
	if response.StatusCode != http.StatusOK {
		_ = response.Body.Close()
		return nil, statusError(response.StatusCode)
	}
	return response, nil
}

// ask sends one request, as a user where there is one.
func (w *webClient) ask(ctx context.Context, address *url.URL, accept string, user *url.Userinfo) (*http.Response, error) {
	bare := *address
	bare.User = nil
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, bare.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", accept)
	request.Header.Set("User-Agent", "wsgictl")
	if user != nil {
		password, _ := user.Password()
		request.SetBasicAuth(user.Username(), password)
	}
	return w.http.Do(request)
}

// login is the address's own, else netrc's, else a user whose password is not
// known yet; nil is nobody.
func (w *webClient) login(address *url.URL) *url.Userinfo {
	if address.User != nil {
		if _, known := address.User.Password(); known {
			return address.User
		}
	}
	user, password, ok := w.surroundings.netrc(address.Hostname())
	if ok && (address.User == nil || address.User.Username() == user) {
		return url.UserPassword(user, password)
	}
	return address.User
}

func statusError(code int) error {
	text := fmt.Sprintf("answered %d %s", code, http.StatusText(code))
	switch code {
	case http.StatusUnauthorized, http.StatusForbidden:
		text += ": it wants a login, or another one: in the index's address, in ~/.netrc, or a user's in the address and the password in keyring"
	case http.StatusProxyAuthRequired:
		text = proxyWantsLogin
	}
	return errors.New(text)
}

const proxyWantsLogin = "the proxy wants a login, or another one: http://USER:PASSWORD@HOST:PORT in HTTPS_PROXY, HTTP_PROXY or pip's setting proxy"

// redacted is an address as it may be printed: without a login and without a
// query, which may hold a token; of a file, its path.
func redacted(address *url.URL) string {
	if address.Scheme == "file" {
		return address.Path
	}
	bare := url.URL{Scheme: address.Scheme, Host: address.Host, Path: address.Path}
	return bare.String()
}

// Redacted is the text of an address as it may be printed.
func Redacted(text string) string {
	address, err := url.Parse(text)
	if err != nil {
		return "(not a valid address)"
	}
	return redacted(address)
}

// withoutAddress is the text of an error of net/http or net/url without the
// address that it was about, and with what to do where that is known.
func withoutAddress(err error) string {
	if about := (*url.Error)(nil); errors.As(err, &about) {
		err = about.Err
	}
	text := err.Error()
	if unknown := (x509.UnknownAuthorityError{}); errors.As(err, &unknown) {
		return text + ": name a file with the certificates to trust in PIP_CERT or SSL_CERT_FILE"
	}
	if text == http.StatusText(http.StatusProxyAuthRequired) { // to CONNECT
		return proxyWantsLogin
	}
	return text
}
