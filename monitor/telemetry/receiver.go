package telemetry

// Sender is the process that sent a datagram, as the kernel says.
type Sender struct {
	PID int
	UID int
}
