package system

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/templates"
)

func TestPreflightSaysWhatStandsInTheWay(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	for name, c := range map[string]struct {
		spoil func(d *Declaration)
		says  string
	}{
		"no such account": {func(d *Declaration) {
			d.Daemons[0].Settings = append(d.Daemons[0].Settings, modwsgi.Setting{Name: "user", Value: "wsgictl-nobody-here"})
		}, `there is no account wsgictl-nobody-here on this host, and Apache would not start: create it, or have it created with "wsgictl apply --create-user"`},
		"account without a home": {func(d *Declaration) {
			d.Daemons[0].Settings = []modwsgi.Setting{{Name: "user", Value: accountWithoutHome(t)}}
		}, "is not there: its processes exit and are started again 20 s later"},
		"home that is not there": {func(d *Declaration) {
			d.Daemons[0].Settings = []modwsgi.Setting{{Name: "user", Value: "daemon"}, {Name: "home", Value: "/nowhere/at/all"}}
		}, "daemon hello: home /nowhere/at/all: there is no such folder"},
	} {
		t.Run(name, func(t *testing.T) {
			d := i.declare("6.1.1", "hello")
			c.spoil(&d)
			if err := d.CheckAccess(&i.host); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v; want %q", err, c.says)
			}
		})
	}
}

// accountWithoutHome is an account of this host whose home is not there.
func accountWithoutHome(t *testing.T) string {
	t.Helper()
	file, err := os.Open("/etc/passwd")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if fields := strings.Split(lines.Text(), ":"); len(fields) == 7 {
			if _, err := os.Stat(fields[5]); os.IsNotExist(err) {
				return fields[0]
			}
		}
	}
	needtest.Missing(t, "each account of this host has a home")
	return ""
}

func TestPortThatAnotherProgramHasIsSaidToBeThatPrograms(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	listener, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	port := listener.Addr().(*net.TCPAddr).Port
	d := i.declare("6.1.1", "hello")
	d.Sites[0].Port = port
	plan, err := i.Plan(d, Refuse)
	if err != nil {
		t.Fatal(err)
	}
	says := fmt.Sprintf("port %d: Apache cannot listen on it, since %s does", port, processName(os.Getpid()))
	if err := i.Preflight(plan); err == nil || !strings.Contains(err.Error(), says) {
		t.Errorf("error %v; want %q", err, says)
	}
}

func TestCertificateForAnotherNameIsAdvisedAbout(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	makeCertificateUntil(t, dir, "site", time.Now().Add(time.Hour)) // for localhost
	d := Declaration{}
	d.Sites = append(d.Sites, siteWithCertificate(dir, "localhost"), siteWithCertificate(dir, "shop.example.org", "localhost", "*.example.org"))
	advice := strings.Join(certificateAdvice(d), "\n")
	if !strings.Contains(advice, "is not for shop.example.org, *.example.org but for localhost: browsers refuse it") || strings.Count(advice, "is not for") != 1 {
		t.Errorf("advice %q", advice)
	}
}

func siteWithCertificate(dir, name string, aliases ...string) templates.Site {
	return templates.Site{
		Name: name, ServerName: name, ServerAlias: aliases,
		TLS: templates.TLS{SSLCertificateFile: filepath.Join(dir, "site.crt"), SSLCertificateKeyFile: filepath.Join(dir, "site.key")},
	}
}
