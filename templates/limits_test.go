package templates_test

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

func TestLimitsAddUpWhatCanWait(t *testing.T) {
	t.Parallel()
	daemon := func(name string, settings ...modwsgi.Setting) templates.Daemon {
		return templates.Daemon{Name: name, Settings: settings}
	}
	limits := templates.Limits{Arrival: 10, Reserve: 100, Daemons: []templates.Daemon{
		daemon("default"),
		daemon("large", modwsgi.Setting{Name: "processes", Value: "4"}, modwsgi.Setting{Name: "threads", Value: "20"},
			modwsgi.Setting{Name: "listen-backlog", Value: "500"}, modwsgi.Setting{Name: "connect-timeout", Value: "30"}),
	}}
	got := []int{limits.Waiting(), limits.Retrying(), limits.MaxRequestWorkers()}
	if diff := cmp.Diff([]int{2*5 + 100 + 4*20 + 500, 10 * 30, 1152}, got); diff != "" {
		t.Errorf("waiting, retrying, all (-want +got):\n%s", diff)
	}
}

// The application is stuck, and fifteen requests a second go on arriving for it,
// until its queue has long been full.
func TestStaticFilesAreServedWhileTheApplicationIsStuck(t *testing.T) {
	t.Parallel()
	const arrival, duration = 15, 8 * time.Second
	daemon := templates.Daemon{Name: "app", Release: modwsgi.MustParseRelease(newest), Settings: []modwsgi.Setting{
		{Name: "processes", Value: "1"}, {Name: "threads", Value: "1"},
		{Name: "listen-backlog", Value: "20"}, {Name: "connect-timeout", Value: "5"},
	}}
	limits := templates.Limits{Daemons: []templates.Daemon{daemon}, Arrival: arrival, Reserve: 10}
	sized, err := limits.Render()
	if err != nil {
		t.Fatal(err)
	}
	full := fmt.Sprintf("MaxRequestWorkers %d\n", limits.MaxRequestWorkers())
	half := fmt.Sprintf("MaxRequestWorkers %d\n", limits.MaxRequestWorkers()/2)
	if !strings.Contains(sized, full) {
		t.Fatalf("no %q in\n%s", full, sized)
	}
	for name, test := range map[string]struct {
		configuration string
		served        bool
	}{
		"sized":      {sized, true},
		"half of it": {strings.ReplaceAll(sized, full, half), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httpdtest.New(t)
			writableByAll(t, filepath.Join(s.Root, "app", "entered"))
			s.Write("static/file.txt", "static")
			s.Start(test.configuration + fmt.Sprintf("Alias /static %s/static\n<Directory %[1]s/static>\nRequire all granted\n</Directory>\n", s.Root) +
				configure(t, s, newest, "stuck.wsgi", "processes=1", "threads=1", "listen-backlog=20", "connect-timeout=5"))
			ctx, cancel := context.WithTimeout(context.Background(), duration)
			defer cancel()
			go arrive(ctx, s.URL+"/stuck", arrival)
			slowest := slowestAnswer(ctx, s.URL+"/static/file.txt")
			t.Logf("slowest static file: %v", slowest.Round(time.Millisecond))
			// What Apache says when no worker is left; a time would depend on the machine.
			if served := !strings.Contains(s.ErrorLog(), "AH00484: server reached MaxRequestWorkers"); served != test.served {
				t.Errorf("static files served throughout: %v, want %v\n%s", served, test.served, s.ErrorLog())
			}
		})
	}
}

// arrive sends requests at a rate a second, without waiting for answers.
func arrive(ctx context.Context, url string, rate int) {
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			go ask(ctx, url)
		}
	}
}

// slowestAnswer asks ten times a second, on new connections, and gives the
// longest time that an answer took until ctx ended.
func slowestAnswer(ctx context.Context, url string) time.Duration {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	var slowest time.Duration
	for ctx.Err() == nil {
		start := time.Now()
		request, _ := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if response, err := client.Do(request); err == nil {
			response.Body.Close()
		}
		slowest = max(slowest, time.Since(start))
		time.Sleep(100 * time.Millisecond)
	}
	return slowest
}
