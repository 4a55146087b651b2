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

// capacityOf computes how Apache's own processes and threads are limited, and how
// many threads requests for the application can hold; 0 where that is not known.
func capacityOf(o Options, mpm string, daemon templates.Daemon) (c templates.Capacity, held int) {
	c = templates.Capacity{MPM: mpm}
	switch o.mode() {
	case templates.DebugMode:
		c.ServerLimit, c.StartServers, c.ThreadsPerChild, c.MinSpare, c.MaxSpare, c.MaxRequestWorkers = 1, 1, 1, 1, 1, 1
	case templates.EmbeddedMode:
		c = embedded(c, o)
	default:
		c, held = beside(daemon, c, o)
	}
	if !c.Threaded() {
		c.ThreadsPerChild = 0
		return c, held
	}
	c.ThreadLimit, c.ThreadStackSize = c.ThreadsPerChild, threadStack
	return c, held
}

// threadStack is the stack of each thread of Apache, in bytes, as
// mod_wsgi-express has it.
const threadStack = 262144

// connectionsPerChild is how many connections a process of Apache serves until it
// is replaced: those that run the application, after so many requests.
func connectionsPerChild(o Options) int {
	if o.mode() == templates.EmbeddedMode {
		return o.MaximumRequests
	}
	return 0
}

// keepAliveRequests is how many requests one connection may send. With event an
// idle connection costs no thread; in embedded mode each takes a place of
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
func embedded(c templates.Capacity, o Options) templates.Capacity {
	processes := max(1, o.Processes)
	c.MaxRequestWorkers = processes * o.Threads
	c.MinSpare, c.MaxSpare = c.MaxRequestWorkers, c.MaxRequestWorkers
	c.ServerLimit, c.StartServers, c.ThreadsPerChild = processes, processes, o.Threads
	if !c.Threaded() {
		c.ServerLimit, c.StartServers = c.MaxRequestWorkers, c.MaxRequestWorkers
	}
	return c
}

// beside leaves more room than requests for the daemon process group can hold.
func beside(daemon templates.Daemon, c templates.Capacity, o Options) (_ templates.Capacity, held int) {
	limits := templates.Limits{Daemons: []templates.Daemon{daemon}, Arrival: arrival, Reserve: reserve}
	wanted := max(connections, limits.Need())
	held = limits.Waiting()
	if !c.Threaded() {
		wanted = max(preforkConnections, daemon.Capacity()+preforkConnections/2)
		held = 0 // not all of the queue has a process
	}
	if o.MaxClients > 0 {
		wanted = max(o.MaxClients, daemon.Capacity())
		if wanted <= held {
			held = 0 // asked for: nothing can be promised
		}
	}
	if c.Threaded() {
		return threaded(c, o, wanted), held
	}
	return prefork(c, o, wanted), held
}

func threaded(c templates.Capacity, o Options, wanted int) templates.Capacity {
	c.ThreadsPerChild = min(templates.ThreadsPerChild, wanted)
	children := templates.Children(wanted, c.ThreadsPerChild)
	c.MaxRequestWorkers = children * c.ThreadsPerChild
	c.ServerLimit = children + spareChildren
	initial := fraction(o.InitialWorkers, 0)
	c.StartServers = max(1, int(initial*float64(children)))
	c.MinSpare = max(c.ThreadsPerChild/2, int(fraction(o.MinimumSpareWorkers, initial)*float64(c.MaxRequestWorkers)))
	c.MaxSpare = max(4*c.ThreadsPerChild, int(fraction(o.MaximumSpareWorkers, 0)*float64(c.MaxRequestWorkers)))
	return c
}

func prefork(c templates.Capacity, o Options, wanted int) templates.Capacity {
	c.MaxRequestWorkers, c.ServerLimit = wanted, wanted
	initial := fraction(o.InitialWorkers, 0.02)
	c.StartServers = max(1, int(initial*float64(wanted)))
	c.MinSpare = max(1, int(fraction(o.MinimumSpareWorkers, initial)*float64(wanted)))
	c.MaxSpare = max(c.MinSpare+1, int(fraction(o.MaximumSpareWorkers, 0.1)*float64(wanted)))
	return c
}

func fraction(asked *float64, otherwise float64) float64 {
	if asked != nil {
		return *asked
	}
	return otherwise
}
