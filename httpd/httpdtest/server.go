package httpdtest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startLimit is how long a server may take until it answers, and stopLimit
// how long until it is gone; both are far above what either needs.
const (
	startLimit = 20 * time.Second
	stopLimit  = 20 * time.Second
)

// A Server is a private Apache. Make it with New, start it with Start.
type Server struct {
	Root string // its folder, readable by every user
	Port int    // on 127.0.0.1
	URL  string // "http://127.0.0.1:PORT"

	// MPM is the multi-processing module: "event", "worker" or "prefork"; empty
	// means event.
	MPM string

	// As is the account that httpd itself is started under; nil means the
	// caller's. A server that root starts drops to the user "nobody".
	As *syscall.Credential

	// Env is added to the environment that httpd is started with.
	Env []string

	t       testing.TB
	program program
	process *exec.Cmd
	exited  chan error
}

// New makes the folder of a server and chooses its port.
func New(t testing.TB) *Server {
	t.Helper()
	p := find(t)
	// t.TempDir lies below a folder of mode 0700, which daemons that run as
	// another user could not enter.
	root, err := os.MkdirTemp("", "httpdtest")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(root) })
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	port := FreePort(t)
	return &Server{Root: root, Port: port, URL: fmt.Sprintf("http://127.0.0.1:%d", port), t: t, program: p}
}

// Write puts a file below the server's root and gives its absolute path.
func (s *Server) Write(name, content string) string {
	s.t.Helper()
	path := filepath.Join(s.Root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// LoadModule gives the lines that load mod_wsgi of the release, from a copy
// below the server's root, and keep its sockets there: every account can read
// the one, and the account that starts the server can make the others.
func (s *Server) LoadModule(release string) string {
	s.t.Helper()
	module, err := os.ReadFile(Module(s.t, release))
	if err != nil {
		s.t.Fatal(err)
	}
	path := s.Write("mod_wsgi.so", string(module))
	return fmt.Sprintf("LoadModule wsgi_module %q\nWSGISocketPrefix %q\n", path, filepath.Join(s.Root, "wsgi"))
}

// Start runs the server with conf after a minimal configuration of its own,
// and waits until it accepts connections.
func (s *Server) Start(configuration string) {
	s.t.Helper()
	file := s.Write("httpd.conf", s.Base()+configuration)
	if s.As != nil {
		if err := os.Chown(s.Root, int(s.As.Uid), int(s.As.Gid)); err != nil {
			s.t.Fatal(err)
		}
	}
	s.process = exec.Command(s.program.path, "-f", file, "-DFOREGROUND")
	s.process.SysProcAttr = &syscall.SysProcAttr{Credential: s.As, Setpgid: true}
	s.process.Env = append(append(os.Environ(), "LANG=C", "LC_ALL="), s.Env...)
	var output bytes.Buffer
	s.process.Stdout, s.process.Stderr = &output, &output
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.exited = make(chan error, 1)
	go func() { s.exited <- s.process.Wait() }()
	s.t.Cleanup(s.Stop)
	s.awaitConnection(&output)
}

// Base is the configuration that every server needs before it starts at all.
func (s *Server) Base() string {
	var b strings.Builder
	fmt.Fprintf(&b, "ServerRoot \"%s\"\nDefaultRuntimeDir \"%s\"\nPidFile httpd.pid\n", s.Root, s.Root)
	b.WriteString(s.program.loadModules("mpm_" + cmp.Or(s.MPM, "event")))
	b.WriteString(s.program.loadModules(modules...))
	fmt.Fprintf(&b, "ServerName 127.0.0.1\nListen 127.0.0.1:%d\nErrorLog error_log\nLogLevel info\nTypesConfig /dev/null\n", s.Port)
	if os.Getuid() == 0 && s.As == nil {
		fmt.Fprintf(&b, "User nobody\nGroup %s\n", groupOf("nobody"))
	}
	return b.String()
}

func groupOf(name string) string {
	account, err := user.Lookup(name)
	if err != nil {
		return name
	}
	return "#" + account.Gid
}

func (s *Server) awaitConnection(output *bytes.Buffer) {
	s.t.Helper()
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port))
	for deadline := time.Now().Add(startLimit); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		select {
		case err := <-s.exited:
			s.exited <- err
			s.t.Fatalf("httpd ended at start: %v\n%s%s", err, output, s.ErrorLog())
		default:
		}
		// The socket listens before the configuration has been accepted; the
		// PID file is there after.
		if _, err := os.Stat(filepath.Join(s.Root, "httpd.pid")); err != nil {
			continue
		}
		if connection, err := net.Dial("tcp", address); err == nil {
			connection.Close()
			return
		}
	}
	s.t.Fatalf("httpd does not answer on %s after %v\n%s", address, startLimit, s.ErrorLog())
}

// Stop ends the server and waits until it is gone. It is called at the end of
// the test by itself.
func (s *Server) Stop() {
	select {
	case err := <-s.exited:
		s.exited <- err
		return
	default:
	}
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.t.Errorf("stop httpd: %v", err)
	}
	select {
	case err := <-s.exited:
		s.exited <- err
	case <-time.After(stopLimit):
		syscall.Kill(-s.process.Process.Pid, syscall.SIGKILL)
		s.t.Errorf("httpd did not stop within %v", stopLimit)
	}
}

// Signal sends a signal to the server's parent process.
func (s *Server) Signal(signal syscall.Signal) {
	if err := s.process.Process.Signal(signal); err != nil {
		s.t.Errorf("signal httpd: %v", err)
	}
}

// PID is the process id of the server's parent process.
func (s *Server) PID() int { return s.process.Process.Pid }

// ErrorLog gives the text of the server's error log.
func (s *Server) ErrorLog() string {
	text, _ := os.ReadFile(filepath.Join(s.Root, "error_log"))
	return string(text)
}

// Get asks for a path with the Host header given (empty: the server's own
// address) and gives status and body. A request that is not answered within a
// minute fails the test.
func (s *Server) Get(host, path string) (status int, body string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Host = host
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		s.t.Fatalf("GET %s: %v\n%s", path, err, s.ErrorLog())
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatalf("GET %s: %v", path, err)
	}
	return response.StatusCode, string(text)
}
