package templates

import (
	"cmp"
	"net"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/roll/ready"
)

// ReadyScript is the file by which processes say that they have loaded the application;
// Ready names it. The address, such as https://shop.example.org, is that of its health.
func (a Application) ReadyScript(address string) (string, error) {
	a = a.withDefaults()
	application := ready.Application{Script: a.Script, Callable: cmp.Or(a.CallableObject, "application")}
	if a.Health != "" {
		var err error
		if application.Health, err = ready.ParseHealth(address+strings.TrimSuffix(a.MountPoint, "/")+a.Health, a.MountPoint); err != nil {
			return "", err
		}
	}
	return ready.Script(application), application.Check()
}

// Address is where browsers find the site, without a path.
func (s Site) Address() string {
	s = s.withDefaults()
	if s.HTTPS() {
		return s.HTTPSAddress()
	}
	return Address("http", s.ServerName, s.Port)
}

// Address is a URL without a path, and without the port that its scheme has by itself.
func Address(scheme, host string, port int) string {
	if port == map[string]int{"http": 80, "https": 443}[scheme] {
		return scheme + "://" + host
	}
	return scheme + "://" + net.JoinHostPort(host, strconv.Itoa(port))
}
