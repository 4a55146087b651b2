package installer

import (
	"context"
	"errors"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/needtest"
)

// A fakeClock stands still, and keeps for how long it was waited on.
type fakeClock struct{ waits []time.Duration }

var standingTime = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func (f *fakeClock) clock() clock {
	return clock{
		now: func() time.Time { return standingTime },
		wait: func(_ context.Context, pause time.Duration) error {
			f.waits = append(f.waits, pause)
			return nil
		},
	}
}

func TestAskingAgain(t *testing.T) {
	t.Parallel()
	const half, day = 500 * time.Millisecond, 24 * time.Hour
	always := 100
	for name, test := range map[string]struct {
		status     int
		times      int // before it works
		retryAfter string
		retries    *int
		waits      []time.Duration
		says       string
	}{
		"503 twice":             {503, 2, "", nil, []time.Duration{0, half}, ""},
		"500 for good":          {500, always, "", nil, []time.Duration{0, half, 2 * half, 4 * half, 8 * half}, "answered 500 Internal Server Error"},
		"520, fewer times":      {520, always, "", new(2), []time.Duration{0, half}, "answered 520"},
		"no time":               {502, always, "", new(0), nil, "answered 502 Bad Gateway"},
		"504 is an answer":      {504, always, "", nil, nil, "answered 504 Gateway Timeout"},
		"404 is an answer":      {404, always, "", nil, nil, "answered 404 Not Found"},
		"429 is an answer":      {429, always, "", nil, nil, "answered 429 Too Many Requests"},
		"429 with a time":       {429, 1, "7", nil, []time.Duration{7 * time.Second}, ""},
		"503 with a date":       {503, 1, standingTime.Add(9 * time.Second).Format(http.TimeFormat), nil, []time.Duration{9 * time.Second}, ""},
		"503 with a past date":  {503, 1, standingTime.Add(-day).Format(http.TimeFormat), nil, []time.Duration{0}, ""},
		"503 with a long time":  {503, always, "3600", nil, nil, "answered 503 Service Unavailable: it wants to be asked again after 1h0m0s"},
		"503 with nonsense":     {503, 1, "soon", nil, []time.Duration{0}, ""},
		"503 with a huge time":  {503, 1, "99999999999999999999", nil, []time.Duration{0}, ""},
		"500 with a time":       {500, 1, "7", nil, []time.Duration{0}, ""},
		"408 is no passing one": {408, always, "7", nil, nil, "answered 408 Request Timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := &fakeIndex{files: releases[:1]}
			var asked atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if int(asked.Add(1)) > test.times {
					fake.ServeHTTP(w, r)
					return
				}
				if test.retryAfter != "" {
					w.Header().Set("Retry-After", test.retryAfter)
				}
				w.WriteHeader(test.status)
			}))
			t.Cleanup(server.Close)
			x := openTestIndex(t, madeUp(t, nil, nil), IndexSettings{Indexes: []string{server.URL + "/simple"}, Patience: Patience{Retries: test.retries}})
			standing := new(fakeClock)
			x.web.clock = standing.clock()
			_, err := x.Archives(t.Context())
			if test.says == "" && err != nil || test.says != "" && (err == nil || !strings.HasSuffix(err.Error(), test.says)) {
				t.Errorf("error %v, want one that says %q", err, test.says)
			}
			if diff := cmp.Diff(test.waits, standing.waits); diff != "" {
				t.Error(diff)
			}
			if got, want := int(asked.Load()), len(test.waits)+1; got != want {
				t.Errorf("asked %d times, want %d", got, want)
			}
		})
	}
}

// TestAskedAsOftenAsByPip lets the real pip and us ask once more at the most.
// (pip takes 502 for passing since 24.1, which may not be at hand.)
func TestAskedAsOftenAsByPip(t *testing.T) {
	t.Parallel()
	wheels, err := filepath.Glob("/usr/share/python-wheels/pip-*.whl")
	if err != nil || len(wheels) == 0 {
		needtest.Missing(t, "no wheel of pip here: %v", err)
	}
	var mutex sync.Mutex
	asked := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mutex.Lock()
		defer mutex.Unlock()
		asked[r.URL.Path]++
		status, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		code, err := strconv.Atoi(status)
		if err != nil {
			code = http.StatusNotFound
		}
		w.WriteHeader(code)
	}))
	t.Cleanup(server.Close)
	var indexes []string
	for _, status := range []string{"403", "404", "429", "500", "501", "503", "504", "520", "527"} {
		indexes = append(indexes, server.URL+"/"+status)
	}
	x := openTestIndex(t, madeUp(t, nil, nil), IndexSettings{Indexes: indexes, Patience: Patience{Retries: new(1)}})
	if _, err := x.Archives(t.Context()); err == nil {
		t.Error("no error")
	}
	mutex.Lock()
	ours := maps.Clone(asked)
	clear(asked)
	mutex.Unlock()
	command := exec.Command("/usr/bin/python3", "-m", "pip", "index", "versions", project)
	command.Env = []string{
		"PATH=" + os.Getenv("PATH"), "PYTHONPATH=" + wheels[0], "HOME=" + t.TempDir(), "PIP_NO_CACHE_DIR=1", "PIP_NO_INPUT=1", "PIP_DISABLE_PIP_VERSION_CHECK=1",
		"PIP_RETRIES=1", "PIP_INDEX_URL=" + indexes[0], "PIP_EXTRA_INDEX_URL=" + strings.Join(indexes[1:], " "),
	}
	output, _ := command.CombinedOutput() // fails, as no index has anything
	mutex.Lock()
	defer mutex.Unlock()
	if diff := cmp.Diff(asked, ours); diff != "" {
		t.Errorf("not as pip: %s\n%s", diff, output)
	}
}

func TestAskingAgainWhereNobodyAnswers(t *testing.T) {
	t.Parallel()
	hangingUp := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if connection, _, err := w.(http.Hijacker).Hijack(); err == nil {
			_ = connection.Close()
		}
	}))
	t.Cleanup(hangingUp.Close)
	stranger := httptest.NewUnstartedServer(http.NotFoundHandler())
	stranger.Config.ErrorLog = log.New(io.Discard, "", 0)
	stranger.StartTLS()
	t.Cleanup(stranger.Close)
	for name, test := range map[string]struct {
		address, says string
		waits         int
	}{
		"nobody listens":          {"http://127.0.0.1:1", "connection refused", 5},
		"it hangs up":             {hangingUp.URL, "closed the connection without an answer", 5},
		"no such host":            {"https://host.invalid", "", 0},
		"a certificate of others": {stranger.URL, "PIP_CERT", 0},
		"no proxy there":          {"https://a.example", "connection refused", 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			settings := IndexSettings{Indexes: []string{test.address}}
			if name == "no proxy there" {
				settings.Proxy = "http://127.0.0.1:1"
			}
			x := openTestIndex(t, madeUp(t, nil, nil), settings)
			standing := new(fakeClock)
			x.web.clock = standing.clock()
			_, err := x.Archives(t.Context())
			if err == nil || !strings.Contains(err.Error(), test.says) || len(standing.waits) != test.waits {
				t.Errorf("%d waits, error %v", len(standing.waits), err)
			}
		})
	}
}

func TestWaitingStopsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := systemClock().wait(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := systemClock().wait(t.Context(), time.Nanosecond); err != nil {
		t.Error(err)
	}
}

// stalling sends the beginning of an answer, then nothing until the test is
// over.
func stalling(t *testing.T, beginning string) string {
	t.Helper()
	over := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if beginning != "" {
			_, _ = w.Write([]byte(beginning))
			w.(http.Flusher).Flush()
		}
		select {
		case <-over:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(over) })
	return server.URL
}

// patience is long enough for a connection on a busy machine.
var patience = Patience{Timeout: 10 * time.Second, Retries: new(0)}

func TestAnAnswerThatStalls(t *testing.T) {
	t.Parallel()
	for name, beginning := range map[string]string{"before it begins": "", "in the middle": "<a href='mod_wsgi-5.0.2.tar.gz'>"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := stalling(t, beginning)
			_, err := openTestIndex(t, madeUp(t, nil, nil), IndexSettings{Indexes: []string{address}, Patience: patience}).Archives(t.Context())
			const says = "nothing came for 10s: the server, or what is on the way to it, stalls"
			if err == nil || !strings.HasSuffix(err.Error(), says) {
				t.Errorf("page: %v", err)
			}
			_, err = FetchSource(t.Context(), madeUp(t, nil, nil), IndexSettings{Patience: patience}, address+"/mod_wsgi-5.0.2.tar.gz", t.TempDir(), "", logged(t))
			if err == nil || !strings.HasSuffix(err.Error(), says) {
				t.Errorf("archive: %v", err)
			}
		})
	}
}

// Over HTTP/2, many answers share a connection.
func TestAnAnswerThatStallsOverHTTP2(t *testing.T) {
	t.Parallel()
	over := make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Error("asked by", r.Proto)
		}
		_, _ = w.Write([]byte("<p>"))
		w.(http.Flusher).Flush()
		select {
		case <-over:
		case <-r.Context().Done():
		}
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(over) })
	bundle := t.TempDir() + "/ca.pem"
	writeProgram(t, bundle, string(certificatePEM(server.Certificate().Raw)))
	settings := IndexSettings{Indexes: []string{server.URL}, CABundle: bundle, Patience: patience}
	_, err := openTestIndex(t, madeUp(t, nil, nil), settings).Archives(t.Context())
	if err == nil || !strings.HasSuffix(err.Error(), "stalls") {
		t.Error(err)
	}
}

func TestPatienceOfPipsSettings(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		settings pipSettings
		want     Patience
		refusal  string
	}{
		"none":           {pipSettings{}, Patience{}, ""},
		"both":           {pipSettings{"retries": "0", "timeout": "2.5"}, Patience{Retries: new(0), Timeout: 2500 * time.Millisecond}, ""},
		"the other name": {pipSettings{"default-timeout": "60"}, Patience{Timeout: time.Minute}, ""},
		"no number":      {pipSettings{"retries": "many"}, Patience{}, `retries: "many"`},
		"no seconds":     {pipSettings{"timeout": "NaN"}, Patience{}, `timeout: "NaN"`},
		"no time":        {pipSettings{"timeout": "0"}, Patience{}, `timeout: "0"`},
	} {
		got, err := test.settings.patience()
		if test.refusal != "" {
			if err == nil || !strings.Contains(err.Error(), test.refusal) {
				t.Errorf("%s: error %v", name, err)
			}
			continue
		}
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}
