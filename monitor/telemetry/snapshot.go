package telemetry

import "time"

// Snapshot is what running processes said until now.
type Snapshot struct {
	At      time.Time
	Groups  []Group // by name
	Events  []Event // the last ones, oldest first
	Damaged uint64  // datagrams that were none, or not whole
	Refused uint64  // datagrams of a sender that floods, of one too many, or of one that is not to be heard
}

// Group is a daemon process group, or what runs in embedded mode.
type Group struct {
	Name      string // "" in embedded mode
	Processes []Process
	Totals    Totals
}

// Process is one process with an interpreter of Python.
type Process struct {
	PID      int
	Group    string
	Host     string
	Software Software
	Started  time.Time // zero where it began before anybody listened
	Seen     time.Time // when it last said something
	Last     *Requests // its last report; nil before the first
	Slow     []SlowRequest
	Garbage  []Garbage // by interpreter
	Stopping string    // the reason, once it has decided to stop
	Lost     uint64    // records that did not arrive
}

// Event is a turn in the life of a process.
type Event struct {
	At     time.Time
	Kind   EventKind
	PID    int
	Group  string
	Reason string // why it stops
	Active uint64 // requests that it had then
}

// EventKind is what became of a process.
type EventKind string

// What can become of a process.
const (
	EventStarted  EventKind = "started"
	EventStopping EventKind = "stopping" // it takes no more requests
	EventStopped  EventKind = "stopped"
	EventVanished EventKind = "vanished" // without a word: killed, or crashed
)
