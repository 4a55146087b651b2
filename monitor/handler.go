package monitor

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/wsgictl/wsgictl/jsonreport"
)

// Handler answers what a browser, Prometheus and programs ask. With a token it wants
// that from them, as a bearer token or as the password of any user; without one it
// answers only who asks for this machine by name, so that no page of another site
// can have a browser read it.
func (m *Monitor) Handler(token string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /metrics", m.serveMetrics)
	mux.HandleFunc("GET /api/v1/view", m.serveView)
	mux.HandleFunc("GET /api/v1/stream", m.serveStream)
	mux.HandleFunc("GET /api/v1/history", m.serveHistory)
	mux.HandleFunc("GET /api/v1/requests", func(w http.ResponseWriter, r *http.Request) { m.serveRequests(w, r, token != "") })
	mux.Handle("GET /", page())
	return guard(mux, token)
}

func guard(next http.Handler, token string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cache-Control", "no-store")
		switch {
		case token == "" && !isThisMachine(r.Host):
			http.Error(w, "This monitor answers at localhost alone; a --token-file lets others in.", http.StatusMisdirectedRequest)
		case token != "" && r.URL.Path != "/healthz" && subtle.ConstantTimeCompare([]byte(credential(r)), []byte(token)) != 1:
			header.Set("WWW-Authenticate", `Basic realm="wsgictl monitor"`)
			http.Error(w, "This monitor wants its token.", http.StatusUnauthorized)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// isThisMachine tells names that no DNS server can give another address, and
// addresses of the loopback interface.
func isThisMachine(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	address := net.ParseIP(strings.Trim(name, "[]"))
	return strings.EqualFold(name, "localhost") || address != nil && address.IsLoopback()
}

// credential is the token that a client gives.
func credential(r *http.Request) string {
	if _, password, is := r.BasicAuth(); is {
		return password
	}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return token
}

func (m *Monitor) serveView(w http.ResponseWriter, _ *http.Request) {
	view, _ := m.View()
	w.Header().Set("Content-Type", "application/json")
	_ = jsonreport.Write(w, view) // the client went away
}

// serveRequests shows lines of source code to those with a token alone: without one any
// account of this machine may ask, whether or not it may read the files.
func (m *Monitor) serveRequests(w http.ResponseWriter, r *http.Request, hasToken bool) {
	report := m.AtHand(r.URL.Query()["group"]...)
	if !hasToken {
		report.hideCode()
	}
	w.Header().Set("Content-Type", "application/json")
	_ = jsonreport.Write(w, report) // the client went away
}

// serveStream sends each view as an event of EventSource.
func (m *Monitor) serveStream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	for {
		view, changed := m.View()
		text, err := json.Marshal(view)
		if err != nil {
			return
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", text); err != nil {
			return
		}
		if err := out.Flush(); err != nil {
			return
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		case <-m.stop:
			return
		}
	}
}
