package templates

import (
	"cmp"
	"net"
	"net/url"
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
		at, err := url.Parse(address)
		if err != nil {
			return "", err
		}
		application.Health = ready.Health{Scheme: at.Scheme, Host: at.Host, MountPoint: strings.TrimSuffix(a.MountPoint, "/"), Path: a.Health}
	}
	return ready.Script(application), application.Check()
}

// Address is where browsers find the site, without a path.
func (s Site) Address() string {
	s = s.withDefaults()
	switch {
	case s.HTTPS():
		return s.HTTPSAddress()
	case s.Port == 80:
		return "http://" + s.ServerName
	}
	return (&url.URL{Scheme: "http", Host: net.JoinHostPort(s.ServerName, strconv.Itoa(s.Port))}).String()
}
