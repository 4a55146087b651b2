package express_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// limit is how long a server may take to start, to stop or to answer; far
// above what it needs.
const limit = 90 * time.Second

// A running is a server root with its Apache.
type running struct {
	*application
	Setup *express.Setup
	Host  string // address that it listens on
	Port  int

	t       *testing.T
	process *exec.Cmd
	output  bytes.Buffer
	exited  chan error
}

// serve sets the application up and runs it in the foreground until the test
// ends.
func (a *application) serve(t *testing.T, args ...string) *running {
	t.Helper()
	r := a.prepare(t, args...)
	r.run()
	return r
}

// prepare sets the application up.
func (a *application) prepare(t *testing.T, args ...string) *running {
	t.Helper()
	return a.prepareOn(t, "127.0.0.1", args...)
}

func (a *application) prepareOn(t *testing.T, host string, args ...string) *running {
	t.Helper()
	r := &running{application: a, Host: host, Port: httpdtest.FreePort(t), t: t, exited: make(chan error, 1)}
	setup, err := a.try(append([]string{"--host", host, "--port", strconv.Itoa(r.Port)}, args...))
	if err != nil {
		t.Fatal(err)
	}
	r.Setup = setup
	// A process that another test starts while apachectl is being written has it
	// open for a moment, and the kernel does not run a file that is open for writing.
	syscall.ForkLock.RLock()
	err = setup.Write(t.Context())
	syscall.ForkLock.RUnlock()
	if err != nil {
		t.Fatal(err)
	}
	r.process = exec.Command(filepath.Join(setup.Root, "apachectl"), "start", "-DFOREGROUND")
	r.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	r.process.Stdout, r.process.Stderr = &r.output, &r.output
	return r
}

func (r *running) run() {
	r.t.Helper()
	if err := r.process.Start(); err != nil {
		r.t.Fatal(err)
	}
	go func() { r.exited <- r.process.Wait() }()
	r.t.Cleanup(r.stop)
	address := net.JoinHostPort(r.Host, strconv.Itoa(r.Port))
	r.await("the server answers", func() bool {
		select {
		case err := <-r.exited:
			r.exited <- err
			r.t.Fatalf("Apache ended at start: %v\n%s\n%s", err, &r.output, r.log())
		default:
		}
		if _, err := os.Stat(filepath.Join(r.Root, "httpd.pid")); err != nil {
			return false
		}
		connection, err := net.Dial("tcp", address)
		if err == nil {
			connection.Close()
		}
		return err == nil
	})
}

// await waits until something has happened.
func (r *running) await(what string, happened func() bool) {
	r.t.Helper()
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if happened() {
			return
		}
	}
	r.t.Fatalf("%s: not within %v\n%s\n%s", what, limit, &r.output, r.log())
}

// stop ends the server and waits until it is gone.
func (r *running) stop() {
	select {
	case err := <-r.exited:
		r.exited <- err
		return
	default:
	}
	deadline := time.After(limit)
	for {
		_ = r.process.Process.Signal(syscall.SIGTERM)
		select {
		case err := <-r.exited:
			r.exited <- err
			return
		case <-deadline:
			_ = syscall.Kill(-r.process.Process.Pid, syscall.SIGKILL)
			r.t.Errorf("Apache did not stop within %v", limit)
			return
		case <-time.After(time.Second):
			// Asked again: a httpd that is one process overlooks a signal that arrives
			// between its look at what is pending and its accept, until someone connects.
		}
	}
}

func (r *running) log() string {
	text, _ := os.ReadFile(filepath.Join(r.Root, "error_log"))
	return string(text)
}

// A reply is what came back for a request.
type reply struct {
	Status int
	Header http.Header
	Body   string
}

// get asks for a path; each of change may change the request first.
func (r *running) get(path string, change ...func(*http.Request)) reply {
	r.t.Helper()
	return r.fetch("http://"+net.JoinHostPort(r.Host, strconv.Itoa(r.Port))+path, change...)
}

func (r *running) fetch(url string, change ...func(*http.Request)) reply {
	r.t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, c := range change {
		c(request)
	}
	transport := &http.Transport{DisableKeepAlives: true, DisableCompression: true, ForceAttemptHTTP2: true,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	client := &http.Client{Timeout: limit, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		r.t.Fatalf("GET %s: %v\n%s", url, err, r.log())
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatalf("GET %s: %v", url, err)
	}
	return reply{response.StatusCode, response.Header, string(body)}
}

// run gives what a program prints.
func run(t *testing.T, program string, args ...string) string {
	t.Helper()
	output, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, output)
	}
	return string(output)
}

// answers reports whether a path is served, without failing where it is not.
func (r *running) answers(path string) bool {
	_, ok := r.tryGet(path)
	return ok
}

// answersAnew tells whether another process than the one before answers.
func (r *running) answersAnew(before string) bool {
	body, ok := r.tryGet("/")
	return ok && pidIn(reply{Body: body}) != before
}

// tryGet is a request that may fail, of a server that comes or goes.
func (r *running) tryGet(path string) (body string, ok bool) {
	client := &http.Client{Timeout: limit, Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get(fmt.Sprintf("http://127.0.0.1:%d%s", r.Port, path))
	if err != nil {
		return "", false
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return string(text), err == nil && response.StatusCode == http.StatusOK
}

func host(name string) func(*http.Request) {
	return func(request *http.Request) { request.Host = name }
}

func header(name, value string) func(*http.Request) {
	return func(request *http.Request) { request.Header.Set(name, value) }
}

// wants checks status and a part of the body.
func (r *running) wants(got reply, status int, contains string) {
	r.t.Helper()
	if got.Status != status || !strings.Contains(got.Body, contains) {
		r.t.Errorf("status %d, body %.300q; want %d and %q\n%s", got.Status, got.Body, status, contains, r.log())
	}
}

// pid is the process that answered, as hello.wsgi tells.
func (r *running) pid() string {
	r.t.Helper()
	return pidIn(r.get("/"))
}

func pidIn(got reply) string {
	first, _, _ := strings.Cut(got.Body, "\n")
	return strings.TrimPrefix(first, "Hello from ")
}
