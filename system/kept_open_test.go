package system

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

// At a reload Apache closes connections on which nothing is asked. A client that
// sends its next request in that moment gets no answer, but the application did not
// see that request either: it can be sent again, whatever it is. Everything else is
// answered.
func TestRequestOnAConnectionThatIsKeptOpenIsAnsweredOrNeverRan(t *testing.T) {
	t.Parallel()
	for _, mpm := range []string{"event", "worker"} {
		for _, release := range []string{"4.9.4", "6.1.1"} {
			t.Run(mpm+" "+release, func(t *testing.T) {
				t.Parallel()
				i := newStoppedInstance(t, mpm)
				i.waitsPatiently()
				i.start()
				k := i.keptOpen(release)
				for range 4 {
					i.reloads(k.answered.Load)
				}
				if err := i.apply(i.declareKept(release, "hello", "shop")); err != nil {
					t.Error(err)
				}
				if err := i.rollback(1); err != nil {
					t.Error(err)
				}
				k.stop()
			})
		}
	}
}

// keptOpen are clients that send one request after another on a connection.
type keptOpen struct {
	*instance
	ran                          string // file with the numbers of the requests that the application saw
	done                         atomic.Bool
	asked, answered, connections atomic.Int64
	clients                      sync.WaitGroup
	mutex                        sync.Mutex
	unanswered                   []int64
}

func (i *instance) keptOpen(release string) *keptOpen {
	i.t.Helper()
	if err := i.apply(i.declareKept(release, "hello")); err != nil {
		i.t.Fatal(err)
	}
	k := &keptOpen{instance: i, ran: filepath.Join(i.forAll(), "ran")}
	for range 8 {
		k.clients.Go(func() {
			for !k.done.Load() {
				k.askUntilClosed()
			}
		})
	}
	return k
}

// declareKept declares sites of which hello writes down the query of each request.
func (i *instance) declareKept(release string, names ...string) Declaration {
	i.t.Helper()
	d := i.declare(release, names...)
	script := filepath.Join(i.apps, "kept.py")
	if !isFile(script) { // mod_wsgi restarts the daemon processes of a script that was written anew
		i.write(script, fmt.Sprintf(`
def application(environ, start_response):
    with open(%q, "a") as ran:
        ran.write(environ["QUERY_STRING"] + "\n")
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
`, filepath.Join(i.forAll(), "ran")))
	}
	d.Sites[0].Script = script
	return d
}

// askUntilClosed asks on one connection until it ends. Only a request that is not
// the first one may go without an answer, and then it has none at all.
func (k *keptOpen) askUntilClosed() {
	connection, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", k.port))
	if err != nil {
		k.t.Error(err)
		return
	}
	defer connection.Close()
	k.connections.Add(1)
	reader := bufio.NewReader(connection)
	for before := 0; !k.done.Load(); before++ {
		number := k.asked.Add(1)
		_, err := fmt.Fprintf(connection, "POST /?%d HTTP/1.1\r\nHost: hello.example.org\r\nContent-Length: 0\r\n\r\n", number)
		if err == nil {
			_, err = reader.Peek(1)
		}
		if closed := errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE); closed && before > 0 {
			k.mutex.Lock()
			k.unanswered = append(k.unanswered, number)
			k.mutex.Unlock()
			return
		}
		last, err := readAnswer(reader, err)
		if err != nil {
			k.t.Errorf("request %d of a connection: %v", before, err)
			return
		}
		k.answered.Add(1)
		if last {
			return
		}
	}
}

// readAnswer reads an answer of 200; last is that the connection ends with it.
func readAnswer(reader *bufio.Reader, failed error) (last bool, err error) {
	if failed != nil {
		return false, failed
	}
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		return false, err
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err != nil || response.StatusCode != http.StatusOK {
		return false, fmt.Errorf("status %d, %q, error %w", response.StatusCode, body, err)
	}
	return response.Close, nil
}

// stop holds that the application saw nothing of what was not answered.
func (k *keptOpen) stop() {
	k.t.Helper()
	k.done.Store(true)
	k.clients.Wait()
	text, err := os.ReadFile(k.ran)
	if err != nil {
		k.t.Fatal(err)
	}
	ran := map[string]bool{}
	for number := range strings.FieldsSeq(string(text)) { // those of wsgictl's own probes are empty
		ran[number] = true
	}
	for _, number := range k.unanswered {
		if ran[fmt.Sprint(number)] {
			k.t.Errorf("request %d ran and was not answered", number)
		}
	}
	if int64(len(ran)) != k.answered.Load() {
		k.t.Errorf("%d requests ran, %d were answered", len(ran), k.answered.Load())
	}
	k.t.Logf("%d requests on %d connections; %d have to be sent again", k.asked.Load(), k.connections.Load(), len(k.unanswered))
	if k.answered.Load() < 100 || k.answered.Load() < 3*k.connections.Load()/2 {
		k.t.Error("connections were not kept open, or too few requests were asked")
	}
}
