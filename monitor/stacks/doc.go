// Package stacks asks daemon processes of mod_wsgi where their requests are.
//
// Processes that load the file of monitor/sender connect to a socket and wait to be
// asked. Nothing is stopped or traced: a thread of the process itself looks at the
// others. Where C code keeps the interpreter to itself, so that no such thread runs,
// Python's faulthandler writes the stacks after some seconds without it.
//
//	listener, err := stacks.Listen("/run/wsgictl/telemetry.sock.stacks", 0o666, isOfServer)
//	for _, answer := range listener.Ask(time.Second) {
//		fmt.Println(answer.Group, answer.PID, answer.Requests)
//	}
package stacks

import "time"

// Answer is what one process said.
type Answer struct {
	PID      int
	Group    string
	Requests []Request // at hand, in no order
	IsSilent bool      // it did not answer in time
	Late     string    // what faulthandler wrote since it last answered; "" if nothing. From the application: it may hold anything
}

// Request is one that a process has at hand. Text is what clients and applications
// gave, which may hold anything.
type Request struct {
	Start  float64 `json:"start"` // seconds since 1970
	Age    float64 `json:"age"`   // seconds
	Thread int     `json:"thread"`
	Method string  `json:"method"`
	Host   string  `json:"host"`
	Path   string  `json:"path"` // without a query string
	Client string  `json:"client"`
	LogID  string  `json:"log_id"`
	Stack  []Call  `json:"stack"` // the last call at the end
}

// Call is one line of a stack.
type Call struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Function string `json:"function"`
	Code     string `json:"code"`
}

// Limits of what is taken from processes.
const (
	maxProcesses = 1000
	maxAnswer    = 1 << 20 // bytes
	maxLate      = 1 << 18 // bytes
)

// greetingLimit is how long a process may take to say what its connection is for.
const greetingLimit = 10 * time.Second
