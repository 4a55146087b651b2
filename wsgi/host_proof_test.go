package wsgi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
	"github.com/wsgictl/wsgictl/wsgi/wsgitest"
)

// virtualHosts are what a server with several ports hosts, as the first line
// of each virtual host, with P1 and so on for the ports, and its names. Each
// mounts a script of its own.
var virtualHosts = []struct{ opening, names string }{
	{"*:P1", "ServerName one.test\nServerAlias www.one.test 1.test"},
	{"*:P1", "ServerName two.test\nServerAlias *.two.test ?.2.test"},
	{"*:P1", "ServerName three.test:8080\nServerAlias deep.two.test Upper.Test *.three.*"},
	{"*:P1 *:P2", "ServerName http://both.test"},
	{"_default_:P2", "ServerName default2.test"},
	{"*:P3", "ServerAlias *"},
	{"*:P3", "ServerName named3.test"},
	{"*", "ServerName any.test"},
	{"*:*", "ServerName star.test\nServerAlias one.test"},
	{"127.0.0.1:P5", "ServerName ip.test"},
	{"127.0.0.1:P5", "ServerName ip2.test"},
	{"[::1]:P6", "ServerName six.test"},
	{"[::1]:P6", "ServerName seven.test"},
}

// TestHostsAreThoseThatApacheChooses asks a real server for many names on each
// of its ports.
func TestHostsAreThoseThatApacheChooses(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	ports := []int{s.Port, httpdtest.FreePort(t), httpdtest.FreePort(t), httpdtest.FreePort(t), httpdtest.FreePort(t)}
	six := httpdtest.FreePort(t)
	var configuration strings.Builder
	configuration.WriteString(s.LoadModule(modwsgi.Newest.String()))
	for _, port := range ports[1:] {
		fmt.Fprintf(&configuration, "Listen 127.0.0.1:%d\n", port)
	}
	fmt.Fprintf(&configuration, "Listen [::1]:%d\n", six)
	configuration.WriteString("WSGIDaemonProcess g0 threads=4\nWSGIProcessGroup g0\nWSGIApplicationGroup %{GLOBAL}\nErrorLogFormat \"%{X-Probe}i|%M\"\n")
	numbered := strings.NewReplacer("P1", fmt.Sprint(ports[0]), "P2", fmt.Sprint(ports[1]), "P3", fmt.Sprint(ports[2]), "P5", fmt.Sprint(ports[4]), "P6", fmt.Sprint(six))
	fmt.Fprintf(&configuration, "WSGIScriptAlias / %s\n", s.Write("main.wsgi", wsgitest.Script))
	for i, v := range virtualHosts {
		fmt.Fprintf(&configuration, "<VirtualHost %s>\n%s\nWSGIScriptAlias / %s\n</VirtualHost>\n", numbered.Replace(v.opening), v.names, s.Write(fmt.Sprintf("v%d.wsgi", i), wsgitest.Script))
	}
	s.Start(configuration.String())
	config, err := conf.Read(s.Root+"/httpd.conf", conf.Options{Modules: []conf.Module{wsgi.Module(modwsgi.Release{})}})
	if err != nil {
		t.Fatal(err)
	}
	view := wsgi.Look(config, modwsgi.Release{}, nil)
	b := &wsgitest.Batch{Label: "hosts", Server: s, Configuration: configuration.String()}
	for _, port := range ports {
		for _, host := range []string{"one.test", "ONE.Test", "www.one.test", "1.test", "two.test", "x.two.test", "x.y.two.test", "deep.two.test", "a.2.test", "ab.2.test",
			"three.test", "a.three.b", "upper.test", "both.test", "default2.test", "named3.test", "any.test", "star.test", "ip.test", "ip2.test", "six.test", "unknown.test", "127.0.0.1", "one.test."} {
			b.URLs = append(b.URLs, wsgitest.Probe{Host: host, Path: "/", Port: port})
		}
	}
	results := b.Ask(t)
	for i, p := range b.URLs {
		answer, err := view.Serving(p.URL())
		if err != nil {
			t.Error(err)
			continue
		}
		if problem := compare(answer, results[i]); problem != "" {
			t.Errorf("http://%s:P%d/: %s", p.Host, i/24+1, problem)
		}
	}
}
