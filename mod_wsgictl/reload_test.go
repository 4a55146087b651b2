package modwsgictl_test

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// workingApp takes as long as an application does that asks a database.
const workingApp = `import time

def application(environ, start_response):
    time.sleep(0.02)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"answered\n"]
`

// TestReloadLosesNoRequest with each MPM, under load. Half of the clients keep
// their connections, the others take a new one for each request.
func TestReloadLosesNoRequest(t *testing.T) {
	t.Parallel()
	for _, mpm := range []string{"event", "worker", "prefork"} {
		for _, release := range releases {
			t.Run(mpm+" "+release, func(t *testing.T) {
				t.Parallel()
				s := serve(t, mpm, release, workingApp, "WSGICtlDrain 60\n")
				stop := askAllTheTime(s, 16)
				for range httpdtest.Rounds(t, 4) {
					before := len(stop.answered)
					await(t, s, "requests are answered", func() bool { return len(stop.answered) > before+50 || len(stop.lost) > 0 })
					reload(t, s)
				}
				if lost := stop.stop(); len(lost) > 0 {
					t.Errorf("%d answered, %d lost: %q\n%s", len(stop.answered), len(lost), lost, lastLines(s))
				}
			})
		}
	}
}

// clients are those that ask all the time.
type clients struct {
	answered, lost chan string
	over           atomic.Bool
	group          sync.WaitGroup
}

func askAllTheTime(s *httpdtest.Server, n int) *clients {
	c := &clients{answered: make(chan string, 1_000_000), lost: make(chan string, 1_000_000)}
	for i := range n {
		c.group.Go(func() {
			client := &http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: i%2 == 0}}
			defer client.CloseIdleConnections()
			for !c.over.Load() {
				if err := ask(client, s.URL); err != nil {
					c.lost <- err.Error()
				} else {
					c.answered <- ""
				}
			}
		})
	}
	return c
}

func ask(client *http.Client, url string) error {
	response, err := client.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK || string(body) != "answered\n" {
		return fmt.Errorf("%s: %.100q", response.Status, body)
	}
	return nil
}

// stop has the clients end what they have begun, and tells what they lost.
func (c *clients) stop() []string {
	c.over.Store(true)
	c.group.Wait()
	close(c.lost)
	var lost []string
	for text := range c.lost {
		lost = append(lost, text)
	}
	return lost
}
