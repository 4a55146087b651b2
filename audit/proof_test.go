package audit_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// TestVerdictIsWhatApacheDoes generates configurations, has the real module of
// two releases serve each, and holds what the application saw, or the code in
// the log, against the prediction. WSGICTL_SOAK is the number of
// configurations, WSGICTL_SEED the seed to repeat.
func TestVerdictIsWhatApacheDoes(t *testing.T) {
	t.Parallel()
	count := number("WSGICTL_SOAK", 320)
	seed := uint64(number("WSGICTL_SEED", 1)) // the same each time, so that no change fails by chance
	if os.Getenv("WSGICTL_SOAK") != "" && os.Getenv("WSGICTL_SEED") == "" {
		seed = uint64(time.Now().UnixNano() % 1_000_000)
	}
	for _, release := range []string{"4.9.4", modwsgi.Newest.String()} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			module := httpdtest.Module(t, release)
			for batch := 0; batch*batchSize < count; batch++ {
				b := newBatch(t, release, seed, batch, min(batchSize, count-batch*batchSize))
				b.run(t, module)
			}
		})
	}
}

// batchSize is the number of configurations that one server serves.
const batchSize = 80

func number(variable string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil {
		return n
	}
	return otherwise
}

// batch is one server with many configurations.
type batch struct {
	label         string // release, seed and number, to find it again
	server        *httpdtest.Server
	gen           *generator
	configuration string
}

func newBatch(t *testing.T, release string, seed uint64, n, size int) *batch {
	s := httpdtest.New(t)
	g := &generator{Rand: rand.New(rand.NewPCG(seed, uint64(n))), root: s.Root + "/srv"}
	g.ports = [2]int{s.Port, httpdtest.FreePort(t)}
	b := &batch{label: fmt.Sprintf("mod_wsgi %s, WSGICTL_SEED=%d, batch %d", release, seed, n), server: s, gen: g}
	var configuration strings.Builder
	configuration.WriteString(s.LoadModule(release))
	configuration.WriteString("LoadModule actions_module /usr/lib/apache2/modules/mod_actions.so\n")
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
	if n%3 == 1 {
		fmt.Fprintf(&configuration, "WSGIScriptAlias /other %q%s\n", g.root+"/h0/other.wsgi", g.maybe(2, " process-group=g1"))
	}
	b.configuration = configuration.String() + g.main.String() + g.hosts.String()
	return b
}

// script answers with what the application sees of where it runs. It imports
// nothing, since most of the time goes into new interpreters.
const script = `def application(environ, start_response):
    names = ('mod_wsgi.process_group', 'mod_wsgi.application_group', 'SCRIPT_NAME')
    body = '\n'.join([environ[name] for name in names] + [__file__]).encode()
    start_response('200 OK', [('Content-Type', 'text/x-seen'), ('Content-Length', str(len(body)))])
    return [body]
handle_request = application
`

func (b *batch) writeScripts(host int) {
	for _, name := range []string{"app.wsgi", "other.wsgi", "handler.py", "dir/one.wsgi", "dir/sub/two.wsgi", "docs/docs.wsgi", "docs/sub/doc.wsgi", "docs/t.txt"} {
		b.server.Write(fmt.Sprintf("srv/h%d/%s", host, name), script)
	}
	b.server.Write(fmt.Sprintf("srv/h%d/pages.map", host), pages)
}

// seen is what one request showed.
type seen struct {
	status int
	body   []string // process group, application group, SCRIPT_NAME, file; nil when no application answered
	log    string
}

func (b *batch) run(t *testing.T, module string) {
	b.server.Start(b.configuration)
	config, err := conf.Read(b.server.Root+"/httpd.conf", conf.Options{Modules: []conf.Module{audit.Module(modwsgi.Release{})}})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range config.Errors() {
		t.Errorf("%s: httpd accepts what is reported here: %v", b.label, d)
	}
	view := audit.Look(config, modwsgi.Release{}, nil)
	results := b.ask(t)
	kinds := map[audit.Mode]int{}
	for i, probe := range b.gen.urls {
		url := fmt.Sprintf("http://%s:%d%s", probe.host, probe.port, probe.path)
		answer, err := view.Serving(url)
		if err != nil {
			t.Fatal(err)
		}
		kinds[modeOf(answer)]++
		if modeOf(answer) == audit.Dynamic {
			continue
		}
		if problem := compare(answer, results[i]); problem != "" {
			t.Errorf("%s: GET %s: %s\n%s", b.label, url, problem, b.excerpt(probe))
		}
	}
	b.checkInventory(t, view)
	t.Logf("%s: %v", b.label, kinds)
	if kinds[audit.Dynamic]*100 > len(b.gen.urls) {
		t.Errorf("%s: %d of %d verdicts are dynamic", b.label, kinds[audit.Dynamic], len(b.gen.urls))
	}
	b.server.Stop()
}

// checkInventory holds each entry of the inventory that is a script alias to a
// file against the answer for the URL of its mount point, which is held
// against the server.
func (b *batch) checkInventory(t *testing.T, view *audit.View) {
	held := 0
	for _, a := range view.Applications {
		if a.Alias == nil || a.Alias.IsMatch || a.Mount != a.Alias.URL || !strings.HasSuffix(a.Script, ".wsgi") || len(a.Server.Addresses) == 0 {
			continue
		}
		url := fmt.Sprintf("http://%s:%d%s", a.Server.Name, a.Server.Addresses[0].Port, a.Mount)
		answer, err := view.Serving(url)
		if err != nil {
			t.Fatal(err)
		}
		other := answer.Application
		if other == nil || other.Via != a.Via || strings.Contains(b.excerptOf(a.Server.Name), "RewriteEngine On") || a.Mode == audit.Dynamic || other.Mode == audit.Dynamic {
			continue
		}
		held++
		if a.Mode != other.Mode || a.Error != other.Error || a.ProcessGroup != other.ProcessGroup {
			t.Errorf("%s: the inventory says %s %s %q of %s, %s of its URL\n%s", b.label, a.Mode, a.Error, a.ProcessGroup, url, other.Mode,
				b.excerpt(probe{host: a.Server.Name}))
		}
	}
	if held == 0 {
		t.Errorf("%s: no entry of the inventory is one of those that were asked for", b.label)
	}
}

func modeOf(answer audit.Answer) audit.Mode {
	if answer.Application == nil {
		return audit.None
	}
	return answer.Application.Mode
}

// compare tells how a prediction and what was seen differ; "" where they agree.
func compare(answer audit.Answer, s seen) string {
	a := answer.Application
	switch {
	case a == nil:
		return compareWithout(answer, s)
	case isMissing(s):
		return "" // a script that an alias names need not be here
	case a.Mode == audit.Refused:
		if code := audit500(s.log); s.status < 400 || code != a.Error { // of an ErrorDocument, the first error stays
			return fmt.Sprintf("predicted refusal %s, got status %d %s %v %s", a.Error, s.status, code, s.body, s.log)
		}
	case s.body == nil:
		return fmt.Sprintf("predicted %s %q, got status %d %s", a.Mode, a.ProcessGroup, s.status, s.log)
	case s.body[0] != a.ProcessGroup || (a.ProcessGroup == "") != (a.Mode == audit.Embedded):
		return fmt.Sprintf("predicted %s %q, ran in %q", a.Mode, a.ProcessGroup, s.body[0])
	case s.body[1] != a.ApplicationGroup:
		return fmt.Sprintf("predicted application group %q, ran in %q", a.ApplicationGroup, s.body[1])
	case s.body[2] != a.ScriptName():
		return fmt.Sprintf("predicted SCRIPT_NAME %q, ran with %q", a.ScriptName(), s.body[2])
	case s.body[3] != a.Script:
		return fmt.Sprintf("predicted script %s, ran %s", a.Script, s.body[3])
	}
	return ""
}

// compareWithout is compare where no application is to answer.
func compareWithout(answer audit.Answer, s seen) string {
	if s.body != nil || audit500(s.log) != "" {
		return fmt.Sprintf("predicted no application (%s), got %v %s", answer.Reason, s.body, s.log)
	}
	var agrees bool
	switch {
	case answer.Status != 0:
		agrees = s.status == answer.Status
	case strings.HasPrefix(answer.Reason, "Proxy"), strings.HasPrefix(answer.Reason, "handler server-"):
		agrees = true // what is behind it answers
	case strings.HasSuffix(answer.Reason, "takes the URL before mod_wsgi"):
		agrees = s.status >= 300 && s.status < 400
	default:
		agrees = s.status == http.StatusOK || s.status == http.StatusNotFound && isElsewhere(s)
	}
	if !agrees {
		return fmt.Sprintf("predicted status %d (%s), got %d %s", answer.Status, answer.Reason, s.status, s.log)
	}
	return ""
}

// isElsewhere tells that a file was asked for whose folder is not here, so that
// nobody can tell whether it is there.
func isElsewhere(s seen) bool {
	_, name, ok := strings.Cut(s.log, "File does not exist: ")
	_, err := os.Stat(filepath.Dir(name))
	return ok && err != nil
}

// isMissing tells that mod_wsgi took the request and found no script.
func isMissing(s seen) bool {
	return s.status == 404 && (strings.Contains(s.log, "Target WSGI script not found") || strings.Contains(s.log, "WSGI0135"))
}

// refusals are the texts that refuse a request, of 4.9.4 and of 6.x, with the
// codes of 6.x.
var refusals = []struct {
	text *regexp.Regexp
	code string
}{
	{regexp.MustCompile(`Embedded mode of mod_wsgi disabled by runtime`), "WSGI0143"},
	{regexp.MustCompile(`not a member of allowed groups`), "WSGI0149"},
	{regexp.MustCompile(`No WSGI daemon process called '.*' has been configured`), "WSGI0151"},
	{regexp.MustCompile(`Daemon process called '.*' cannot be accessed by this WSGI application\b.*`), "WSGI0152"},
}

// audit500 is the code of the refusal in a log text, or "".
func audit500(log string) string {
	for _, r := range refusals {
		if r.text.MatchString(log) {
			return r.code
		}
	}
	return ""
}

// ask sends all requests, each with a number that the log repeats.
func (b *batch) ask(t *testing.T) []seen {
	results := make([]seen, len(b.gen.urls))
	var wait sync.WaitGroup
	queue := make(chan int)
	for range 8 {
		wait.Go(func() {
			for i := range queue {
				results[i].status, results[i].body = b.get(t, i)
			}
		})
	}
	for i := range b.gen.urls {
		queue <- i
	}
	close(queue)
	wait.Wait()
	for line := range strings.Lines(b.server.ErrorLog()) {
		probe, text, ok := strings.Cut(line, "|")
		if i, err := strconv.Atoi(probe); ok && err == nil {
			results[i].log += text
		}
	}
	return results
}

func (b *batch) get(t *testing.T, i int) (status int, body []string) {
	probe := b.gen.urls[i]
	address := fmt.Sprintf("http://127.0.0.1:%d", probe.port)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+probe.path, nil)
	if err != nil { // a path that no well-formed URL has
		if request, err = http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil); err == nil {
			request.URL.Opaque = probe.path
		}
	}
	if err != nil {
		t.Error(err)
		return 0, nil
	}
	request.Host = fmt.Sprintf("%s:%d", probe.host, probe.port)
	request.Header.Set("X-Probe", strconv.Itoa(i))
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

// excerpt is what the main server and a host say.
func (b *batch) excerpt(p probe) string {
	return b.configuration[:strings.Index(b.configuration, "<VirtualHost")] + b.excerptOf(p.host)
}

// excerptOf are the virtual hosts of a name.
func (b *batch) excerptOf(name string) string {
	var found strings.Builder
	for host := range strings.SplitAfterSeq(b.gen.hosts.String(), "</VirtualHost>\n") {
		if strings.Contains(host, "ServerName "+name+"\n") {
			found.WriteString(host)
		}
	}
	return found.String()
}
