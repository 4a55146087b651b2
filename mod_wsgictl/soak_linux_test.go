package modwsgictl_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/needtest"
)

// slowApp reads all of a body, and sends as many bytes as it is asked for.
const slowApp = `def application(environ, start_response):
    read = len(environ["wsgi.input"].read())
    size = int(environ["QUERY_STRING"] or 0)
    body = b"0123456789abcdef" * (size // 16) or b"read %d" % read
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
`

const (
	slowClients  = 200        // that send, and as many that read
	sent         = 1_000_000  // bytes of each, at 40 kB/s
	read         = 20_000_000 // bytes of each, at 400 kB/s
	turn         = 100 * time.Millisecond
	sentInATurn  = 4_000
	readInATurn  = 40_000
	mostMemory   = 64 // kB, a slow client
	slowSettings = "WSGIRestrictEmbedded On\nWSGICtlFolder kept\nServerLimit 16\nThreadsPerChild 64\nMaxRequestWorkers 1024\nKeepAliveTimeout 3600\nTimeout 3600\nRequestReadTimeout header=0 body=0\n"
)

// TestManySlowClients are all served, and the others beside them. What it took is told:
// how long fast clients wait, and how much memory the server has more.
func TestManySlowClients(t *testing.T) {
	needtest.Asked(t, "WSGICTL_SOAK")
	for _, mpm := range []string{"event", "worker"} {
		for _, release := range releases {
			t.Run(mpm+" "+release, func(t *testing.T) {
				s := httpdtest.New(t)
				s.MPM = mpm
				script := s.Write("app.wsgi", slowApp)
				s.Start(load(t, s) + s.LoadModule(release) + fmt.Sprintf("WSGIDaemonProcess app processes=2 threads=5 display-name=daemon\nWSGIScriptAlias / %q process-group=app application-group=%%{GLOBAL}\n<Directory %q>\nRequire all granted\n</Directory>\n", script, s.Root) + slowSettings)
				if more := servesManySlowClients(t, s.Port, func() int { return memoryBelow(s.PID(), "daemon") }); more > mostMemory {
					t.Errorf("%d kB of memory more a slow client, want %d at most", more, mostMemory)
				}
				await(t, s, "no file is left", func() bool { return !keeps(s) })
			})
		}
	}
	t.Run("nginx and gunicorn", func(t *testing.T) {
		port, nginx := startNginx(t)
		servesManySlowClients(t, port, func() int { return memoryBelow(nginx, "") })
	})
}

// servesManySlowClients has the server at a port serve them, and tells what it took. Gives
// how many kB of memory more it has for each of them.
func servesManySlowClients(t *testing.T, port int, memory func() int) (more int) {
	t.Helper()
	url := fmt.Sprintf("http://127.0.0.1:%d", port)
	fresh := memory()
	before := ofConnections(t, port, memory)
	var group sync.WaitGroup
	for range slowClients {
		group.Go(func() { uploadSlowly(t, port) })
		group.Go(func() { downloadSlowly(t, url) })
	}
	over := make(chan struct{})
	go func() { group.Wait(); close(over) }()
	waits, most := besides(t, url, over, memory)
	more = (most - before) / (2 * slowClients)
	t.Logf("fast: %d answers, p50 %v, p99 %v, max %v; memory %d kB, with as many clients that are not slow %d kB, with them %d kB: %d kB more a slow client", len(waits),
		waits[len(waits)/2], waits[len(waits)*99/100], waits[len(waits)-1], fresh, before, most, more)
	return more
}

// ofConnections is the memory of the server when as many clients as are slow have a
// connection, on which they were answered: what any client costs it.
func ofConnections(t *testing.T, port int, memory func() int) int {
	t.Helper()
	for range 2 * slowClients {
		connection, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		fmt.Fprintf(connection, "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n")
		if response, err := http.ReadResponse(bufio.NewReader(connection), nil); err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("%v, %v", response, err)
		}
	}
	return memory()
}

func uploadSlowly(t *testing.T, port int) {
	connection, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		t.Error(err)
		return
	}
	defer connection.Close()
	rest := post("/upload", sent, "Connection: close\r\n")
	for ; rest != "" && err == nil; time.Sleep(turn) {
		n := min(len(rest), sentInATurn)
		_, err = io.WriteString(connection, rest[:n])
		rest = rest[n:]
	}
	if answer, failed := io.ReadAll(connection); err != nil || failed != nil || !strings.HasSuffix(string(answer), fmt.Sprint("read ", sent)) {
		t.Errorf("upload: %.100q, %v, %v", answer, err, failed)
	}
}

func downloadSlowly(t *testing.T, url string) {
	response, err := http.Get(url + "/download?" + strconv.Itoa(read))
	if err != nil {
		t.Error(err)
		return
	}
	defer response.Body.Close()
	var n int64
	for ; err == nil; time.Sleep(turn) {
		var more int64
		more, err = io.CopyN(io.Discard, response.Body, readInATurn)
		n += more
	}
	if n != read || !errors.Is(err, io.EOF) {
		t.Errorf("download: %d bytes, %v", n, err)
	}
}

// besides asks until the others are done. Gives how long each answer took, shortest
// first, and the most memory that was seen, in kB.
func besides(t *testing.T, url string, over <-chan struct{}, memory func() int) (waits []time.Duration, most int) {
	for looked := time.Now(); ; {
		select {
		case <-over:
			slices.Sort(waits)
			return waits, most
		case <-time.After(5 * time.Millisecond):
		}
		begun := time.Now()
		if response, err := http.Get(url + "/fast"); err != nil || response.StatusCode != http.StatusOK {
			t.Errorf("fast: %v, %v", response, err)
		} else if _, err := io.Copy(io.Discard, response.Body); err != nil || response.Body.Close() != nil {
			t.Errorf("fast: %v", err)
		}
		waits = append(waits, time.Since(begun))
		if time.Since(looked) > time.Second {
			looked, most = time.Now(), max(most, memory())
		}
	}
}

var pss = regexp.MustCompile(`(?m)^Pss: +(\d+) kB`)

// memoryBelow is what the processes below one have, in kB (PSS), but for those whose
// name begins with what is not to be counted, where that is given.
func memoryBelow(parent int, uncounted string) (sum int) {
	for _, child := range installed.Children(parent) {
		folder := fmt.Sprintf("/proc/%d/", child.PID)
		if name, _ := os.ReadFile(folder + "cmdline"); uncounted != "" && bytes.HasPrefix(name, []byte(uncounted)) {
			continue
		}
		text, _ := os.ReadFile(folder + "smaps_rollup")
		if found := pss.FindSubmatch(text); found != nil {
			n, _ := strconv.Atoi(string(found[1]))
			sum += n
		}
	}
	return sum
}

var waited = regexp.MustCompile(`reload after (\d+) ms`)

// TestReloadLosesNoRequestOfMany, one reload after another, by a signal and as
// apachectl and the script of logrotate ask for it.
func TestReloadLosesNoRequestOfMany(t *testing.T) {
	needtest.Asked(t, "WSGICTL_SOAK")
	for _, mpm := range []string{"event", "worker", "prefork"} {
		for _, release := range releases {
			for _, n := range []int{16, 64, 256} {
				t.Run(fmt.Sprint(mpm, " ", release, " ", n), func(t *testing.T) {
					s := serve(t, mpm, release, workingApp, "WSGICtlDrain 60\nMaxRequestWorkers 300\nServerLimit 300\n")
					stop := askAllTheTime(s, n)
					for round := range httpdtest.Rounds(t, 1) {
						before := len(stop.answered)
						await(t, s, "requests are answered", func() bool { return len(stop.answered) > before+50 || len(stop.lost) > 0 })
						if round%2 == 0 {
							reload(t, s)
						} else {
							reloadByCommand(t, s)
						}
					}
					lost := stop.stop()
					var most int
					for _, found := range waited.FindAllStringSubmatch(s.ErrorLog(), -1) {
						ms, _ := strconv.Atoi(found[1])
						most = max(most, ms)
					}
					t.Logf("%d answered, %d lost, a reload waited for %d ms at most", len(stop.answered), len(lost), most)
					if len(lost) > 0 {
						t.Errorf("lost: %q\n%s", lost, lastLines(s))
					}
				})
			}
		}
	}
}

// reloadByCommand has httpd itself ask the server to read its configuration again.
func reloadByCommand(t *testing.T, s *httpdtest.Server) {
	t.Helper()
	resumed := func() int { return strings.Count(s.ErrorLog(), "resuming normal operations") }
	before := resumed()
	program, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", s.PID()))
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program, "-f", filepath.Join(s.Root, "httpd.conf"), "-k", "graceful")
	command.Env = append(os.Environ(), s.Env...)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	await(t, s, "the server has read its configuration again", func() bool { return resumed() > before })
}
