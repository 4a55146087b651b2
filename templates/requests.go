package templates

import (
	"fmt"
	"strings"
)

// Requests declares how mod_wsgi hands requests to the application. The tags are
// its keys in wsgictl.toml and the flags of render and start-server.
type Requests struct {
	MapHeadToGet     string   `toml:"map-head-to-get" placeholder:"OFF|ON|AUTO" help:"Whether the application sees GET for HEAD; Auto where an output filter needs the body (default: mod_wsgi's)."`
	ChunkedRequest   bool     `toml:"chunked-request" help:"Accept request bodies without a Content-Length; by HTTP/2 they get 411, unless mod_wsgictl is loaded."`
	IgnoreActivity   []string `toml:"ignore-activity" sep:"none" placeholder:"URL-PATH" help:"Requests below this path do not count for inactivity-timeout."`
	DisableReloading bool     `toml:"disable-reloading" help:"Never look whether the script changed."`

	// NoDaemon says that Apache's own processes run the application, to which no
	// body is lost by HTTP/2.
	NoDaemon bool `toml:"-" kong:"-"`
}

// RefusesBodies reports whether a request body without a length gets 411 by
// HTTP/2, since it would be lost on its way: mod_http2 hands on empty pieces of it,
// and what mod_wsgi writes to a daemon process for one is the end (wsgi_remote.c).
// A site does not know whether another file has Apache speak HTTP/2.
func (r Requests) RefusesBodies() bool { return r.ChunkedRequest && !r.NoDaemon }

// Check reports a word that mod_wsgi does not take, and paths that no request has.
func (r Requests) Check() error {
	switch strings.ToLower(r.MapHeadToGet) {
	case "", "on", "off", "auto":
	default:
		return fmt.Errorf("map-head-to-get %s: want On, Off or Auto", r.MapHeadToGet)
	}
	for _, path := range r.IgnoreActivity {
		if err := checkURLPath("ignore-activity", path); err != nil {
			return err
		}
	}
	return nil
}
