package system

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/templates"
)

// listen wants Apache to listen on the ports of a site, where no other file
// makes it do so.
func (d *declaring) listen(site templates.Site) error {
	for _, text := range site.URLs() {
		address, err := url.Parse(text)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(d.listening, func(l listenAddress) bool { return l.port == address.Port() }) {
			continue
		}
		port, err := strconv.Atoi(address.Port())
		if err != nil {
			return err
		}
		line, err := templates.Listen(port)
		if err != nil {
			return err
		}
		d.in(d.places.Config).put(fmt.Sprintf("wsgictl-listen-%d", port), withFirstLine(line, ""), rankListen)
	}
	return nil
}

// A listenAddress is the argument of a Listen directive.
type listenAddress struct{ host, port string } // host is empty for every address

// wholly tells whether a file is wsgictl's, and not one of somebody else's with
// a line of wsgictl's in it.
func wholly(managed map[string]Managed, path string) bool {
	m, ours := managed[path]
	return ours && m.Line == ""
}

// listens are the addresses of the Listen directives of a configuration, but
// for those in files that are managed.
func listens(config *conf.Config, managed map[string]Managed) []listenAddress {
	var all []listenAddress
	for directive := range config.Directives() {
		if wholly(managed, directive.Source.File.Name) || !directive.Is("Listen") {
			continue
		}
		address := directive.Word(0)
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			host, port = "", address
		}
		if strings.Trim(host, "0.:*") == "" {
			host = ""
		}
		all = append(all, listenAddress{host, port})
	}
	return all
}
