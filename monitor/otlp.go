package monitor

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"
)

// otlpEvery is how often figures are sent.
const otlpEvery = 10 * time.Second

// otlpLimit is how long a receiver may take.
const otlpLimit = 5 * time.Second

// NewOTLP sends to a receiver of OpenTelemetry's protocol over HTTP, in its JSON form
// (OTLP/HTTP 1.0), at URL/v1/metrics.
func NewOTLP(address string) (Exporter, error) {
	at, err := url.Parse(address)
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return Exporter{}, errors.New("want an address such as http://127.0.0.1:4318")
	}
	host, _ := os.Hostname() // "" is left out
	o := &otlp{at.JoinPath("v1/metrics").String(), host, time.Now()}
	return Exporter{at.Redacted(), otlpEvery, o.send}, nil
}

// otlpClient sends to nobody but the receiver.
var otlpClient = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

type otlp struct {
	url, host string
	started   time.Time // when counters began
}

func (o *otlp) send(ctx context.Context, v View) error {
	text, err := json.Marshal(o.message(v))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, otlpLimit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, o.url, bytes.NewReader(text))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := otlpClient.Do(r)
	if address := new(url.Error); errors.As(err, &address) {
		return address.Err // whose address is told without its password
	} else if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16)) // so that the connection is used again
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("it answers %s", answer.Status)
	}
	return nil
}

// The messages of opentelemetry/proto/metrics/v1, in their JSON form: 64-bit numbers are text there.
type (
	otlpMessage struct {
		Resources []otlpResource `json:"resourceMetrics"`
	}
	otlpResource struct {
		Resource struct {
			Attributes []otlpAttribute `json:"attributes"`
		} `json:"resource"`
		Scopes []otlpScope `json:"scopeMetrics"`
	}
	otlpScope struct {
		Scope struct {
			Name string `json:"name"`
		} `json:"scope"`
		Metrics []otlpMetric `json:"metrics"`
	}
	otlpMetric struct {
		Name        string    `json:"name"`
		Description string    `json:"description"`
		Sum         *otlpData `json:"sum,omitempty"`
		Gauge       *otlpData `json:"gauge,omitempty"`
		Histogram   *otlpData `json:"histogram,omitempty"`
	}
	otlpData struct {
		Points      []otlpPoint `json:"dataPoints"`
		Temporality int         `json:"aggregationTemporality,omitempty"` // 2: since the start
		IsMonotonic bool        `json:"isMonotonic,omitempty"`
	}
	otlpPoint struct {
		Attributes []otlpAttribute `json:"attributes"`
		Start      string          `json:"startTimeUnixNano,omitempty"`
		At         string          `json:"timeUnixNano"`
		Number     *float64        `json:"asDouble,omitempty"`
		Count      string          `json:"count,omitempty"`
		Sum        *float64        `json:"sum,omitempty"`
		Buckets    []string        `json:"bucketCounts,omitempty"`
		Bounds     []float64       `json:"explicitBounds,omitempty"`
	}
	otlpAttribute struct {
		Key   string `json:"key"`
		Value struct {
			Text string `json:"stringValue"`
		} `json:"value"`
	}
)

const cumulative = 2

func attribute(key, text string) otlpAttribute {
	a := otlpAttribute{Key: key}
	a.Value.Text = text
	return a
}

func (o *otlp) message(v View) otlpMessage {
	var resource otlpResource
	resource.Resource.Attributes = []otlpAttribute{attribute("service.name", "wsgictl")}
	if o.host != "" {
		resource.Resource.Attributes = append(resource.Resource.Attributes, attribute("host.name", o.host))
	}
	var scope otlpScope
	scope.Scope.Name = "wsgictl"
	for _, m := range metrics {
		if one := o.metric(m, v); one != nil {
			scope.Metrics = append(scope.Metrics, *one)
		}
	}
	resource.Scopes = []otlpScope{scope}
	return otlpMessage{[]otlpResource{resource}}
}

// metric is one metric of all groups; nil where none has it.
func (o *otlp) metric(m metric, v View) *otlpMetric {
	data := &otlpData{}
	for _, g := range v.Groups {
		if m.kind == "histogram" {
			data.Points = append(data.Points, o.histograms(g, v.At)...)
			continue
		}
		for _, one := range m.values(g) {
			point := o.point(g, one.labels, v.At)
			point.Number = &one.number
			data.Points = append(data.Points, point)
		}
	}
	if len(data.Points) == 0 {
		return nil
	}
	to := &otlpMetric{Name: m.dotted(), Description: m.help}
	switch m.kind {
	case "counter":
		data.Temporality, data.IsMonotonic = cumulative, true
		to.Sum = data
	case "histogram":
		data.Temporality = cumulative
		to.Histogram = data
	default:
		for i := range data.Points {
			data.Points[i].Start = ""
		}
		to.Gauge = data
	}
	return to
}

func (o *otlp) point(g Group, labels []label, at time.Time) otlpPoint {
	attributes := []otlpAttribute{attribute("group", g.named())}
	for _, l := range labels {
		attributes = append(attributes, attribute(l.name, l.value))
	}
	return otlpPoint{Attributes: attributes, Start: nanoseconds(o.started), At: nanoseconds(at)}
}

func nanoseconds(at time.Time) string { return strconv.FormatInt(at.UnixNano(), 10) }

func (o *otlp) histograms(g Group, at time.Time) []otlpPoint {
	var points []otlpPoint
	for _, h := range histogramsOf(g) {
		point := o.point(g, []label{{"phase", h.phase}}, at)
		point.Sum, point.Count, point.Bounds = &h.seconds, strconv.FormatUint(h.count, 10), h.limits
		before := uint64(0)
		for _, n := range append(h.below, h.count) {
			point.Buckets = append(point.Buckets, strconv.FormatUint(n-before, 10))
			before = n
		}
		points = append(points, point)
	}
	return points
}
