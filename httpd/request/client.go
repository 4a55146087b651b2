package request

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// Client is a GET as a client sends it.
type Client struct {
	Host      string // of the Host header, without a port
	Port      int    // of the connection
	PortNamed bool   // the port stands in the Host header
	HTTPS     bool
	Path      string // as written, without the query
	Query     string
}

// ParseURL takes http://HOST:PORT/PATH?QUERY apart. The path may hold what
// no well-formed URL does: httpd is asked such things too.
func ParseURL(text string) (Client, error) {
	wrong := fmt.Errorf("url %s: want http://HOST:PORT/PATH", text)
	scheme, rest, _ := strings.Cut(text, "://")
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	u, err := url.Parse(scheme + "://" + rest[:end])
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return Client{}, wrong
	}
	c := Client{Host: u.Hostname(), Port: 80, HTTPS: u.Scheme == "https"}
	if c.HTTPS {
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
	if !c.PortNamed || c.HTTPS && c.Port == 443 || !c.HTTPS && c.Port == 80 {
		return c.Host
	}
	return fmt.Sprintf("%s:%d", c.Host, c.Port)
}

// target is the path and query of the request line.
func (c Client) target() string {
	if c.Query == "" {
		return c.Path
	}
	return c.Path + "?" + c.Query
}
