package modwsgictl_test

import (
	"net/http"
	"testing"
)

const methodApp = `def application(environ, start_response):
    start_response("200 OK", [("Method", environ["REQUEST_METHOD"]), ("Content-Length", "0")])
    return []
`

// TestHeadReachesTheApplication as it is: mod_wsgi makes a GET of it where a filter needs the
// body that the application would send, and takes any filter of the content for such a one.
func TestHeadReachesTheApplication(t *testing.T) {
	t.Parallel()
	for _, release := range releases {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			s := serve(t, "event", release, methodApp, "")
			response, err := http.Head(s.URL + "/")
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if got := response.Header.Get("Method"); response.StatusCode != http.StatusOK || got != "HEAD" {
				t.Errorf("%s, method %q", response.Status, got)
			}
		})
	}
}
