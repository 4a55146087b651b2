// Package wsgitest has a real server serve random configurations, and tells what
// each request showed, for tests only.
package wsgitest

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// Batch is one server with the URLs that it is asked for.
type Batch struct {
	Label         string // release, seed and number, to find it again
	Server        *httpdtest.Server
	Configuration string
	URLs          []Probe
}

// Probe is one URL to ask.
type Probe struct {
	Host, Path string
	Port       int
}

// URL is the whole of it.
func (p Probe) URL() string { return fmt.Sprintf("http://%s:%d%s", p.Host, p.Port, p.Path) }

// NewBatch writes size configurations for one server that has mod_wsgi of a
// release: those of a seed and a number, the same each time. It does not start
// the server.
func NewBatch(t *testing.T, release string, seed uint64, n, size int) *Batch {
	s := httpdtest.New(t)
	g := &generator{Rand: rand.New(rand.NewPCG(seed, uint64(n))), root: s.Root + "/srv", files: map[string]string{}}
	g.ports = [2]int{s.Port, httpdtest.FreePort(t)}
	b := &Batch{Label: fmt.Sprintf("mod_wsgi %s, WSGICTL_SEED=%d, batch %d", release, seed, n), Server: s}
	var configuration strings.Builder
	configuration.WriteString(s.LoadModule(release))
	for _, name := range []string{"actions", "allowmethods", "auth_basic", "authn_file", "authz_user", "negotiation", "proxy", "proxy_http", "userdir"} {
		fmt.Fprintf(&configuration, "LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n", name, name)
	}
	fmt.Fprintf(&configuration, "Listen 127.0.0.1:%d\n", g.ports[1])
	configuration.WriteString("StartServers 1\nServerLimit 1\nThreadsPerChild 16\nMaxRequestWorkers 16\nErrorLogFormat \"%{X-Probe}i|%M\"\n")
	for _, group := range sharedGroups {
		fmt.Fprintf(&configuration, "WSGIDaemonProcess %s threads=2\n", group)
	}
	if n%2 == 1 {
		configuration.WriteString("WSGIRestrictEmbedded On\n")
	}
	if n%4 != 0 { // new interpreters take most of the time
		configuration.WriteString("WSGIApplicationGroup %{GLOBAL}\n")
	}
	if n%4 == 2 {
		configuration.WriteString(g.setting(""))
	}
	for i := range size {
		g.configuration(i)
		b.writeScripts(i)
	}
	for name, text := range g.files {
		s.Write(name, text)
	}
	s.Write("passwords", passwords())
	if n%3 == 1 {
		fmt.Fprintf(&configuration, "WSGIScriptAlias /other %q%s\n", g.root+"/h0/other.wsgi", g.maybe(2, " process-group=g1"))
	}
	b.Configuration = configuration.String() + g.main.String() + g.hosts.String()
	b.URLs = g.urls
	return b
}

// Script answers with what the application sees of where it runs. It imports
// nothing, since most of the time goes into new interpreters.
const Script = `def application(environ, start_response):
    names = ('mod_wsgi.process_group', 'mod_wsgi.application_group', 'SCRIPT_NAME')
    body = '\n'.join([environ[name] for name in names] + [__file__]).encode()
    start_response('200 OK', [('Content-Type', 'text/x-seen'), ('Content-Length', str(len(body)))])
    return [body]
handle_request = application
`

func (b *Batch) writeScripts(host int) {
	for _, name := range []string{"app.wsgi", "other.wsgi", "handler.py", "dir/one.wsgi", "dir/sub/two.wsgi", "docs/docs.wsgi", "docs/sub/doc.wsgi", "docs/t.txt"} {
		b.Server.Write(fmt.Sprintf("srv/h%d/%s", host, name), Script)
	}
	b.Server.Write(fmt.Sprintf("srv/h%d/pages.map", host), pages)
}

// Seen is what one request showed.
type Seen struct {
	Status int
	Body   []string // process group, application group, SCRIPT_NAME, file; nil when no application answered
	Log    string   // what the error log says of it
}

// Ask sends all requests to the server, which runs, each with a number in
// X-Probe. What the error log says is told where its ErrorLogFormat is
// "%{X-Probe}i|%M".
func (b *Batch) Ask(t *testing.T) []Seen { return b.ask(t, asker{}) }

// AskAsUser is Ask by somebody who has a password.
func (b *Batch) AskAsUser(t *testing.T) []Seen {
	return b.ask(t, asker{isUser: true, first: len(b.URLs)})
}

// asker is who sends requests.
type asker struct {
	isUser bool
	first  int // number of his requests
}

func (b *Batch) ask(t *testing.T, as asker) []Seen {
	results := make([]Seen, len(b.URLs))
	var wait sync.WaitGroup
	queue := make(chan int)
	for range 8 {
		wait.Go(func() {
			for i := range queue {
				results[i].Status, results[i].Body = b.get(t, i, as)
			}
		})
	}
	for i := range b.URLs {
		queue <- i
	}
	close(queue)
	wait.Wait()
	for line := range strings.Lines(b.Server.ErrorLog()) {
		number, text, ok := strings.Cut(line, "|")
		if n, err := strconv.Atoi(number); ok && err == nil && n >= as.first && n < as.first+len(results) {
			results[n-as.first].Log += text
		}
	}
	return results
}

func (b *Batch) get(t *testing.T, i int, as asker) (status int, body []string) {
	p := b.URLs[i]
	address := fmt.Sprintf("http://127.0.0.1:%d", p.Port)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+p.Path, nil)
	if err != nil { // a path that no well-formed URL has
		if request, err = http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil); err == nil {
			request.URL.Opaque = p.Path
		}
	}
	if err != nil {
		t.Error(err)
		return 0, nil
	}
	request.Host = fmt.Sprintf("%s:%d", p.Host, p.Port)
	request.Header.Set("X-Probe", strconv.Itoa(as.first+i))
	if as.isUser {
		request.SetBasicAuth(user, password)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Error(err)
		return 0, nil
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Error(err)
	}
	if response.Header.Get("Content-Type") == "text/x-seen" {
		body = strings.Split(string(text), "\n")
	}
	return response.StatusCode, body
}

// Excerpt is what the main server and the virtual hosts of a name say.
func (b *Batch) Excerpt(host string) string {
	return b.Configuration[:strings.Index(b.Configuration, "<VirtualHost")] + b.HostsNamed(host)
}

// HostsNamed are the virtual hosts of a name.
func (b *Batch) HostsNamed(name string) string {
	var found strings.Builder
	hosts := b.Configuration[strings.Index(b.Configuration, "<VirtualHost"):]
	for host := range strings.SplitAfterSeq(hosts, "</VirtualHost>\n") {
		if strings.Contains(host, "ServerName "+name+"\n") {
			found.WriteString(host)
		}
	}
	return found.String()
}
