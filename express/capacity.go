package express

import "github.com/wsgictl/wsgictl/templates"

// Sizes of Apache's own processes. The reasons and figures are in
// docs/express.md.
const (
	// spareChildren are places for processes that finish their last requests
	// after a graceful restart.
	spareChildren = 3
	// connections is how many clients are served at a time at least, where the
	// queue of the application is short too.
	connections = 1152
	// preforkConnections is the same where each takes a process.
	preforkConnections = 256
	// arrival is how many requests a second may find the queue of the
	// application full, and reserve how many threads are kept for all others.
	arrival, reserve = 2, 90
)

// capacity computes how Apache's own processes and threads are limited.
func (p *planner) capacity() templates.Capacity {
	o, mpm, mode := p.command.Options, p.software.mpm, p.mode
	c := templates.Capacity{MPM: mpm, Threaded: mpm != "prefork", KeepsAliveWithoutThread: mpm == "event"}
	c.MaxKeepAliveRequests = keepAliveRequests(mpm, mode)
	switch mode {
	case templates.DebugMode:
		c.ServerLimit, c.StartServers, c.ThreadsPerChild, c.MinSpare, c.MaxSpare, c.MaxRequestWorkers = 1, 1, 1, 1, 1, 1
	case templates.EmbeddedMode:
		embedded(&c, o)
	default:
		p.beside(&c)
	}
	return c
}

// keepAliveRequests is how many requests one connection may send. With event a
// resting connection costs no thread; in embedded mode each takes a place of
// the application, so that others get their turn sooner.
func keepAliveRequests(mpm string, mode templates.Mode) int {
	switch {
	case mpm == "event":
		return 0
	case mode == templates.EmbeddedMode:
		return 100
	default:
		return 500
	}
}

// embedded gives Apache the processes and threads asked for, all at once.
func embedded(c *templates.Capacity, o Options) {
	processes := max(1, o.Processes)
	c.MaxRequestWorkers = processes * o.Threads
	c.MaxConnectionsPerChild = o.MaximumRequests
	c.MinSpare, c.MaxSpare = c.MaxRequestWorkers, c.MaxRequestWorkers
	c.ServerLimit, c.StartServers, c.ThreadsPerChild = processes, processes, o.Threads
	if !c.Threaded {
		c.ServerLimit, c.StartServers = c.MaxRequestWorkers, c.MaxRequestWorkers
	}
}

// beside leaves more room than requests for the daemon process group can hold.
func (p *planner) beside(c *templates.Capacity) {
	o := p.command.Options
	limits := templates.Limits{Daemons: []templates.Daemon{p.daemon()}, Arrival: arrival, Reserve: reserve}
	working := limits.Daemons[0].Capacity()
	c.Held = limits.Waiting()
	wanted := max(connections, limits.Need())
	if !c.Threaded {
		wanted = max(preforkConnections, working+preforkConnections/2)
		c.Held = 0 // not all of the queue has a process
	}
	if o.MaxClients > 0 {
		wanted = max(o.MaxClients, working)
		if wanted <= c.Held {
			c.Held = 0 // asked for: nothing can be promised
		}
	}
	if c.Threaded {
		threaded(c, o, wanted)
	} else {
		prefork(c, o, wanted)
	}
}

func threaded(c *templates.Capacity, o Options, wanted int) {
	c.ThreadsPerChild = min(templates.ThreadsPerChild, wanted)
	children := templates.Children(wanted, c.ThreadsPerChild)
	c.MaxRequestWorkers = children * c.ThreadsPerChild
	c.ServerLimit = children + spareChildren
	initial := fraction(o.InitialWorkers, 0)
	c.StartServers = max(1, int(initial*float64(children)))
	c.MinSpare = max(c.ThreadsPerChild/2, int(fraction(o.MinimumSpareWorkers, initial)*float64(c.MaxRequestWorkers)))
	c.MaxSpare = max(4*c.ThreadsPerChild, int(fraction(o.MaximumSpareWorkers, 0)*float64(c.MaxRequestWorkers)))
}

func prefork(c *templates.Capacity, o Options, wanted int) {
	c.MaxRequestWorkers, c.ServerLimit = wanted, wanted
	initial := fraction(o.InitialWorkers, 0.02)
	c.StartServers = max(1, int(initial*float64(wanted)))
	c.MinSpare = max(1, int(fraction(o.MinimumSpareWorkers, initial)*float64(wanted)))
	c.MaxSpare = max(c.MinSpare+1, int(fraction(o.MaximumSpareWorkers, 0.1)*float64(wanted)))
}

func fraction(asked *float64, otherwise float64) float64 {
	if asked != nil {
		return *asked
	}
	return otherwise
}
