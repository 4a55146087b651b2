package monitor

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"
)

// statsdEvery is how often figures are sent; a server adds them up in 10 seconds.
const statsdEvery = 10 * time.Second

// statsdLimit is how long looking up its name may take.
const statsdLimit = 5 * time.Second

// statsdSize is how long a datagram is at most, in bytes: it passes every network whole.
const statsdSize = 1400

// NewStatsD sends to a server of StatsD by UDP: names with the group and the label in
// them, counters as by how much they grew. With tags it is DogStatsD, whose names have
// none of these. Its name is looked up when there is something to send: it may be one
// that the network does not know yet.
func NewStatsD(address string, hasTags bool) (Exporter, error) {
	host, port, err := net.SplitHostPort(address)
	if n, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || n == 0 || host == "" {
		return Exporter{}, errors.New("want HOST:PORT, such as 127.0.0.1:8125")
	}
	s := &statsd{address, hasTags, map[string]float64{}}
	return Exporter{address, statsdEvery, s.send}, nil
}

type statsd struct {
	address string
	hasTags bool
	sent    map[string]float64 // counters, by their names
}

func (s *statsd) send(ctx context.Context, v View) error {
	ctx, cancel := context.WithTimeout(ctx, statsdLimit)
	defer cancel()
	connection, err := new(net.Dialer).DialContext(ctx, "udp", s.address) // a name may lead elsewhere by now
	if err != nil {
		return err
	}
	defer connection.Close()
	var packet []byte
	var failed error
	flush := func() {
		if len(packet) > 0 {
			_, err := connection.Write(packet)
			failed = errors.Join(failed, err)
			packet = packet[:0]
		}
	}
	for _, line := range s.lines(v) {
		if len(packet)+1+len(line) > statsdSize {
			flush()
		}
		if len(packet) > 0 {
			packet = append(packet, '\n')
		}
		packet = append(packet, line...)
	}
	flush()
	return failed
}

// lines are one for each figure, without the buckets of histograms, which StatsD has
// not; in their place are the percentiles of the last minute.
func (s *statsd) lines(v View) []string {
	var lines []string
	sums := map[string]float64{}
	for _, g := range v.Groups {
		for _, m := range metrics {
			for _, one := range m.values(g) {
				if one.suffix == "_bucket" {
					continue
				}
				name := m.dotted() + one.suffix
				if m.kind == "gauge" {
					lines = append(lines, s.line(name, g, one.labels, one.number, "g"))
					continue
				}
				key := s.line(name, g, one.labels, 0, "")
				sums[key] = one.number
				if by := one.number - s.sent[key]; by > 0 {
					lines = append(lines, s.line(name, g, one.labels, by, "c"))
				}
			}
		}
		for phase, times := range g.Latency {
			for name, seconds := range map[string]float64{"p50": times.P50, "p95": times.P95, "p99": times.P99} {
				lines = append(lines, s.line("wsgictl.request_seconds."+name, g, []label{{"phase", phase}}, seconds, "g"))
			}
		}
	}
	s.sent = sums
	return lines
}

func (s *statsd) line(name string, g Group, labels []label, number float64, kind string) string {
	value := ":" + strconv.FormatFloat(number, 'f', -1, 64) + "|" + kind
	if s.hasTags {
		tags := "|#group:" + word(g.named())
		for _, l := range labels {
			tags += "," + l.name + ":" + word(l.value)
		}
		return name + value + tags
	}
	name = "wsgictl." + word(g.named()) + strings.TrimPrefix(name, "wsgictl")
	for _, l := range labels {
		name += "." + word(l.value)
	}
	return name + value
}

// word is a text as a part of a name: what has a meaning in it becomes "_".
func word(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '_'
	}, text)
}
