package request

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Client is a GET as a client sends it.
type Client struct {
	Host      string     // of the Host header, without a port
	Port      int        // of the connection
	PortNamed bool       // the port stands in the Host header
	HTTPS     expr.Truth // whether it comes in over TLS
	Path      string     // as written, without the query
	Query     string
	Anonymous bool // it does not tell a user where it is asked for one
}

// ParseURL takes http://HOST:PORT/PATH?QUERY apart. The path may hold what
// no well-formed URL does: httpd is asked such things too.
func ParseURL(text string) (Client, error) {
	wrong := fmt.Errorf("url %s: want http://HOST/PATH or https://HOST/PATH, with HOST:PORT for other ports than 80 and 443", text)
	scheme, rest, _ := strings.Cut(text, "://")
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	u, err := url.Parse(scheme + "://" + rest[:end])
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return Client{}, wrong
	}
	c := Client{Host: u.Hostname(), Port: 80, HTTPS: expr.TruthOf(u.Scheme == "https")}
	if c.HTTPS == expr.True {
		c.Port = 443
	}
	if u.Port() != "" {
		if c.Port, err = strconv.Atoi(u.Port()); err != nil || c.Port > 65535 {
			return Client{}, fmt.Errorf("url %s: port %s: want a number up to 65535", text, u.Port())
		}
		c.PortNamed = true
	}
	path, _, _ := strings.Cut(rest[end:], "#")
	c.Path, c.Query, _ = strings.Cut(path, "?")
	if c.Path == "" {
		c.Path = "/"
	}
	return c, nil
}

// hostHeader is the Host header.
func (c Client) hostHeader() string {
	isUsual := c.Port == 443 && c.HTTPS != expr.False || c.Port == 80 && c.HTTPS != expr.True
	switch host := bracketed(c.Host); {
	case c.Host == "" || !c.PortNamed || isUsual:
		return host
	default:
		return fmt.Sprintf("%s:%d", host, c.Port)
	}
}

// bracketed is a host name as it stands in a URL.
func bracketed(host string) string {
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

// Hostname is the name that httpd takes from the Host header (fix_hostname).
func (c Client) Hostname() string { return strings.ToLower(strings.TrimSuffix(c.Host, ".")) }

// requestLine is the first line of the request, "" where the path is not known.
func (c Client) requestLine() string {
	target := c.Path
	if c.Query != "" {
		target += "?" + c.Query
	}
	if target == "" {
		return ""
	}
	return "GET " + target + " HTTP/1.1"
}
