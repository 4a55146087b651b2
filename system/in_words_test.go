package system

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"
)

// What a user reads of a site that does not answer has no words of Go's
// libraries.
func TestWhyThereIsNoAnswerIsSaidInWords(t *testing.T) {
	t.Parallel()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	for name, c := range map[string]struct {
		ctx     context.Context
		scheme  string
		answers string // what is said on each connection; "-" where nothing listens
		want    string
	}{
		"nobody":           {t.Context(), "http", "-", "no answer: nothing listens there"},
		"closed":           {t.Context(), "http", "", "no answer: the connection was closed without one"},
		"another protocol": {t.Context(), "http", "SSH-2.0-OpenSSH\r\n", "no answer: what listens there speaks no HTTP"},
		"no TLS":           {t.Context(), "https", "HTTP/1.1 400 Bad Request\r\n\r\n", "no answer: what listens there speaks no HTTPS"},
		"stopped":          {stopped, "http", "-", "the command was stopped before there was an answer"},
		"too late":         {late, "http", "-", "no answer within the time that the site has for it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := probe{Check: Check{URL: fmt.Sprintf("%s://shop.example.org:%d/", c.scheme, listenWith(t, c.answers))}}
			if err := p.ask(c.ctx); err == nil || err.Error() != c.want {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

// listenWith is a port at which a text is the answer to everything.
func listenWith(t *testing.T, text string) (port int) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port = listener.Addr().(*net.TCPAddr).Port
	if text == "-" {
		listener.Close()
		return port
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			connection.Read(make([]byte, http.DefaultMaxHeaderBytes))
			connection.Write([]byte(text))
			connection.Close()
		}
	}()
	return port
}
