package installer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/trust"
)

// maxAnswerHeaders bounds the headers of an answer, in bytes.
const maxAnswerHeaders = 64 << 10

// newTransport goes through the proxy and trusts the certificates that
// settings name, and waits as long as they say.
func newTransport(settings IndexSettings) (*http.Transport, error) {
	proxy, err := proxyOf(settings)
	if err != nil {
		return nil, err
	}
	certificates, err := tlsConfig(settings)
	if err != nil {
		return nil, err
	}
	timeout := settings.Patience.timeout()
	return &http.Transport{
		Proxy:                  proxy,
		OnProxyConnectResponse: checkConnected,
		DialContext:            impatientDial(timeout),
		TLSClientConfig:        certificates,
		ForceAttemptHTTP2:      true,
		IdleConnTimeout:        timeout,
		MaxResponseHeaderBytes: maxAnswerHeaders,
	}, nil
}

// proxyOf is the proxy of pip's setting, else of the environment. Addresses of
// this machine are asked without: to a proxy, they would be its own, and plain
// HTTP is allowed for them because nobody is on the way.
func proxyOf(settings IndexSettings) (func(*http.Request) (*url.URL, error), error) {
	if settings.Proxy == "" {
		return environmentProxy, nil
	}
	proxy, err := proxyAddress(settings.Proxy)
	if err != nil {
		return nil, err
	}
	return func(request *http.Request) (*url.URL, error) {
		if isLoopback(request.URL.Hostname()) {
			return nil, nil
		}
		return proxy, nil
	}, nil
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

// checkConnected tells a proxy's refusal to connect in our own words, for the
// library's are the proxy's.
func checkConnected(_ context.Context, _ *url.URL, _ *http.Request, response *http.Response) error {
	switch response.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusProxyAuthRequired:
		return &statusError{code: response.StatusCode}
	}
	return errors.New("the proxy, asked to connect, " + answered(response.StatusCode))
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
		text, err := trust.Deciders().ReadFile(settings.ClientCert, maxBundleSize)
		if err != nil {
			return nil, fmt.Errorf("pip's setting client-cert: %w", err)
		}
		pair, err := tls.X509KeyPair(text, text)
		if err != nil {
			return nil, fmt.Errorf("pip's setting client-cert: %s: %w", settings.ClientCert, err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}

// maxBundleSize bounds a file of certificates, in bytes. The usual ones, of all
// authorities, have a quarter of a megabyte.
const maxBundleSize = 16 << 20

// readBundle reads a file of certificates, or all files of a folder. They decide
// who is believed, so that root reads what root alone can change.
func readBundle(path string) ([]byte, error) {
	if !isFolder(path) {
		return trust.Deciders().ReadFile(path, maxBundleSize)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var all []byte
	for _, entry := range entries {
		text, err := trust.Deciders().ReadFile(filepath.Join(path, entry.Name()), maxBundleSize)
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
