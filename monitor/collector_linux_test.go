package monitor

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
)

// TestCollectorTakesWhatIsSent has the OpenTelemetry collector, built for it, print what it
// got of a real server. The first build takes some minutes.
func TestCollectorTakesWhatIsSent(t *testing.T) {
	t.Parallel()
	needtest.Asked(t, "WSGICTL_SOAK")
	program := filepath.Join(t.TempDir(), "collector")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = "testdata/collector"
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	port := httpdtest.FreePort(t)
	config := filepath.Join(t.TempDir(), "collector.yaml")
	text := fmt.Sprintf(`receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:%d"}}}}
exporters: {debug: {verbosity: detailed, sampling_initial: 1000}}
service:
  telemetry: {metrics: {level: none}}
  pipelines: {metrics: {receivers: [otlp], exporters: [debug]}}
`, port)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	said := runs(t, exec.Command(program, "--config", config))
	w := watch(t, releases[0])
	w.Get("", "/")
	w.Get("", "/missing")
	w.shop(t, "two requests", func(g Group) bool { return g.Totals.Requests == 2 && g.Waiting != nil })
	e, err := NewOTLP(fmt.Sprintf("http://127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	view, _ := w.View()
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		if err = e.send(t.Context(), view); err == nil {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("%v\n%s", err, said)
		}
	}
	for _, pattern := range []string{
		`-> service\.name: Str\(wsgictl\)`,
		`(?s)-> Name: wsgictl\.requests\n.*?-> DataType: Sum\n\s+-> IsMonotonic: true\n\s+-> AggregationTemporality: Cumulative\n.*?-> group: Str\(shop\)\n.*?Value: 2`,
		`(?s)-> Name: wsgictl\.responses\n.*?-> status: Str\(4xx\)\n.*?Value: 1`,
		`(?s)-> Name: wsgictl\.threads\n.*?-> DataType: Gauge\n.*?Value: 2`,
		`(?s)-> Name: wsgictl\.request_seconds\n.*?-> DataType: Histogram\n.*?Count: 2\n`,
	} {
		for deadline := time.Now().Add(patience); !regexp.MustCompile(pattern).MatchString(said.String()); time.Sleep(50 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("no %s in\n%s", pattern, said)
			}
		}
	}
}
