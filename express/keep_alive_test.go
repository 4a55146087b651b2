//go:build linux

package express_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// TestGivesWaitingClientsTheirTurn where others hold all threads with
// connections that they keep: they are closed with an answer, and no sooner
// than somebody waits.
func TestGivesWaitingClientsTheirTurn(t *testing.T) {
	t.Parallel()
	for _, options := range []string{"--server-mpm worker", "--server-mpm prefork", "--embedded-mode"} {
		t.Run(options, func(t *testing.T) {
			t.Parallel()
			a := newApplication(t, "6.1.1")
			r := a.serve(t, append(strings.Fields(options), "hello.wsgi", "--max-clients", "5")...)
			url := fmt.Sprintf("http://127.0.0.1:%d/", r.Port)

			var closed, ended atomic.Bool
			one := &http.Client{Timeout: limit, Transport: &http.Transport{MaxConnsPerHost: 1}}
			r.await("nobody waits", func() bool { return !r.closes(one, url) })
			for range 50 {
				if r.closes(one, url) {
					t.Fatal("a connection was closed while nobody waited")
				}
			}
			one.CloseIdleConnections()

			var busy sync.WaitGroup
			for range 5 {
				busy.Go(func() {
					client := &http.Client{Timeout: limit, Transport: &http.Transport{MaxConnsPerHost: 1}}
					defer client.CloseIdleConnections()
					for asked := 1; !ended.Load(); asked++ {
						if r.closes(client, url) {
							closed.Store(closed.Load() || asked < 100) // which Apache allows in any case
							asked = 0
						}
					}
				})
			}
			for range 20 {
				r.wants(r.get("/"), 200, "Hello")
			}
			ended.Store(true)
			busy.Wait()
			if !closed.Load() {
				t.Error("no connection was given to those that waited")
			}
		})
	}
}

// closes tells whether the server ends the connection with its answer.
func (r *running) closes(client *http.Client, url string) bool {
	response, err := client.Get(url)
	if err != nil {
		r.t.Error(err)
		return false
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK {
		r.t.Error(response.Status, err)
	}
	return response.Close
}
