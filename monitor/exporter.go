package monitor

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"
)

// Exporter sends what is known elsewhere, at regular times.
type Exporter struct {
	To    string // where to, for messages
	Every time.Duration
	send  func(context.Context, View) error
}

// Export sends until the context is done. That it cannot is told once, until it can again.
func (m *Monitor) Export(ctx context.Context, e Exporter) {
	ticks := time.NewTicker(e.Every)
	defer ticks.Stop()
	for fails := false; ; {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
		view, _ := m.View()
		err := e.send(ctx, view)
		if err != nil && !fails && ctx.Err() == nil {
			m.options.Tell(fmt.Sprintf("send figures to %s: %v", e.To, err))
		}
		fails = err != nil
	}
}

// dotted is the name of a metric where parts of names have dots: what is counted says so itself.
func (m metric) dotted() string {
	return "wsgictl." + strings.TrimSuffix(strings.TrimPrefix(m.name, "wsgictl_"), "_total")
}

// named is how a group is called where it has to have a name.
func (g Group) named() string { return cmp.Or(g.Name, "embedded") }
