package monitor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/monitor/telemetry"
	"github.com/wsgictl/wsgictl/needtest"
)

func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		needtest.Missing(t, "no %s to test with: %v", name, err)
	}
	return path
}

// TestMetricsAreAsPrometheusWants has promtool read names that no person would give.
func TestMetricsAreAsPrometheusWants(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	hostile := telemetry.Totals{Stopped: map[string]uint64{"a\"}\n# TYPE b gauge": 1}}
	view := newView(telemetry.Snapshot{Groups: []telemetry.Group{{Name: "a\"b\\c\nd\xff", Totals: hostile}, {Name: ""}}})
	if err := writeMetrics(&text, view); err != nil {
		t.Fatal(err)
	}
	check := exec.Command(program(t, "promtool"), "check", "metrics")
	check.Stdin = bytes.NewReader(text.Bytes())
	if output, err := check.CombinedOutput(); err != nil || len(output) > 0 {
		t.Errorf("%v: %s\n%s", err, output, &text)
	}
}

// TestPrometheusScrapes has a real Prometheus scrape the monitor of a real server,
// and asks it what it knows.
func TestPrometheusScrapes(t *testing.T) {
	t.Parallel()
	w := watch(t, releases[0])
	w.Get("", "/")
	w.shop(t, "a request", func(g Group) bool { return g.Totals.Requests == 1 })
	folder, port := t.TempDir(), httpdtest.FreePort(t)
	settings := filepath.Join(folder, "prometheus.yml")
	target := strings.TrimPrefix(w.page.URL, "http://")
	if err := os.WriteFile(settings, fmt.Appendf(nil, "global: {scrape_interval: 1s}\nscrape_configs: [{job_name: wsgictl, static_configs: [{targets: [%q]}]}]\n", target), 0o644); err != nil {
		t.Fatal(err)
	}
	address := fmt.Sprintf("127.0.0.1:%d", port)
	prometheus := exec.Command(program(t, "prometheus"), "--config.file="+settings, "--storage.tsdb.path="+filepath.Join(folder, "data"), "--web.listen-address="+address)
	var output bytes.Buffer
	prometheus.Stdout, prometheus.Stderr = &output, &output
	if err := prometheus.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = prometheus.Process.Kill()
		_ = prometheus.Wait()
	}()
	const query = `/api/v1/query?query=wsgictl_requests_total{group="shop"}%2Bon(group)wsgictl_request_seconds_count{group="shop",phase="total"}`
	for deadline := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		if value := asked("http://" + address + query); value == "2" {
			return
		} else if time.Now().After(deadline) {
			t.Fatalf("Prometheus has %q, want 2\n%s", value, &output)
		}
	}
}

// asked is the one number that answers a query; empty without one.
func asked(url string) string {
	response, err := http.Get(url)
	if err != nil {
		return ""
	}
	defer response.Body.Close()
	var answer struct {
		Data struct {
			Result []struct{ Value [2]any }
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || len(answer.Data.Result) != 1 {
		return ""
	}
	return fmt.Sprint(answer.Data.Result[0].Value[1])
}
