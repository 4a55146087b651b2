package installer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
)

// simpleTypes asks for JSON, and takes HTML from an index that knows no other.
const simpleTypes = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"

// maxRedirects bounds how often one address may lead to another.
const maxRedirects = 10

// A webClient fetches over HTTP with the logins, certificates and proxies that
// pip would use. No address in its errors holds a login.
type webClient struct {
	logins  logins
	trusted []string
	retries int // beside the first try
	clock   clock
	warn    func(string)
	http    http.RoundTripper
}

func newWebClient(s PipEnvironment, settings IndexSettings, warn func(string)) (*webClient, error) {
	transport, err := newTransport(settings)
	if err != nil {
		return nil, err
	}
	web := &webClient{logins: newLogins(s, settings), trusted: settings.Trusted, retries: settings.Patience.retries(), clock: systemClock(), warn: warn}
	web.http = &trustingTransport{trusted: web, strict: transport}
	return web, nil
}

// trusts reports whether trusted-host names the host, with its port or
// without.
func (w *webClient) trusts(address *url.URL) bool {
	return slices.ContainsFunc(w.trusted, func(host string) bool {
		return host == address.Hostname() || host == address.Host
	})
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
	return fmt.Errorf("%s is not https: anyone on the way could answer; use https, or pip's setting trusted-host (uv's: allow-insecure-host)", redacted(address))
}

func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// get fetches an address; the body of its answer is the caller's to close.
//
// Each address on the way is asked with the login that is for it. That of the
// one before is kept only where [mayTell] allows it.
func (w *webClient) get(ctx context.Context, address *url.URL, header http.Header) (*http.Response, error) {
	user := w.logins.of(address)
	for range maxRedirects + 1 {
		if err := w.secure(address); err != nil {
			return nil, err
		}
		response, err := w.persist(ctx, address, header, user)
		switch {
		case err != nil && ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			return nil, errors.New(plain(err))
		}
		if response.StatusCode == http.StatusOK {
			return response, nil
		}
		_ = response.Body.Close()
		if response.StatusCode == http.StatusUnauthorized {
			if user = w.logins.complete(ctx, address, user); user != nil {
				continue
			}
		}
		next, err := redirect(response)
		if err != nil {
			return nil, err
		}
		if !mayTell(address, next) {
			user = w.logins.of(next)
		}
		address = next
	}
	return nil, fmt.Errorf("more than %d redirects", maxRedirects)
}

// redirect is the address to which an answer leads, without a login, which
// would be one that the user did not name; of another answer, it is an error.
func redirect(response *http.Response) (*url.URL, error) {
	switch response.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, &statusError{code: response.StatusCode}
	}
	next, err := response.Location()
	if err != nil {
		return nil, fmt.Errorf("%w, to an address that cannot be read", &statusError{code: response.StatusCode})
	}
	next.User, next.Fragment = nil, ""
	return next, nil
}

// ask sends one request, as a user where there is one.
func (w *webClient) ask(ctx context.Context, address *url.URL, header http.Header, user *url.Userinfo) (*http.Response, error) {
	bare := *address
	bare.User = nil
	request := (&http.Request{Method: http.MethodGet, URL: &bare, Header: header.Clone()}).WithContext(ctx)
	request.Header.Set("User-Agent", "wsgictl")
	if user != nil {
		password, _ := user.Password()
		request.SetBasicAuth(user.Username(), password)
	}
	return w.http.RoundTrip(request)
}

// redacted is an address as it may be printed: without a login and without a
// query, which may hold a token; of a file, its path.
func redacted(address *url.URL) string {
	if address.Scheme == "file" {
		return oneLine(address.Path)
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
