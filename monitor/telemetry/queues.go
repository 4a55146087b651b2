package telemetry

// Queue is what waits at a socket until a thread of a daemon process takes it.
type Queue struct {
	Waiting int // connections
	Backlog int // how many the kernel lets wait; further ones are refused: listen-backlog, or net.core.somaxconn where that is less
}
