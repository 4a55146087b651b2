package templates

import (
	"fmt"
	"time"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// Timeouts are those of a daemon process group that would end what others
// allow. A value that nobody asked for moves with those that were asked for.
type Timeouts struct {
	Recovery time.Duration // until a process whose threads are all stuck is replaced; 0 for never
	Socket   int           // socket-timeout in seconds; 0 for Apache's Timeout
}

// answering is how many seconds a request that has waited for queue-timeout has
// left to be answered in: as many as between the two of the profile.
const answering = 15

// Timeouts gives both as they were asked for, else as they have to be.
//
// socket-timeout counts from when Apache has sent the request to the first byte
// of the response (wsgi_remote.c): the time in the queue, and for an application
// that answers at the end of its work all of that. The daemon waits as long for
// a client that takes nothing, whatever response-socket-timeout allows.
// request-timeout counts all but the queue, and the loading of an application
// that the request causes.
func (d Daemon) Timeouts() Timeouts {
	request, asked := d.askedRecovery()
	t := Timeouts{Recovery: request, Socket: d.number("socket-timeout")}
	if !asked {
		longest := max(t.Socket, d.number("response-socket-timeout"), d.number("startup-timeout"))
		t.Recovery = max(modwsgi.DefaultRecovery, time.Duration(longest)*time.Second)
	}
	if _, asked := d.Settings.Find("socket-timeout"); !asked {
		work := int(request.Round(time.Second).Seconds())
		if work <= t.Socket {
			work = answering // to be replaced soon is no wish to wait for longer
		}
		t.Socket = max(t.Socket, d.number("queue-timeout")+work, d.number("response-socket-timeout"))
	}
	return t
}

// askedRecovery is the recovery that was asked for, or that an asked
// request-timeout comes to.
func (d Daemon) askedRecovery() (recovery time.Duration, asked bool) {
	if setting, found := d.Settings.Find("request-timeout"); found {
		return d.requestTimeout(setting.Value).Recovery(), true
	}
	return d.Recovery, d.Recovery != 0
}

// CheckTimeouts reports timeouts that were asked for and could never act, for
// another that was asked for ends it all before.
func (d Daemon) CheckTimeouts() error {
	socket := d.askedSeconds("socket-timeout")
	_, request := d.Settings.Find("request-timeout")
	switch {
	case socket > 0 && d.askedSeconds("queue-timeout") > socket:
		return fmt.Errorf("queue-timeout %d and socket-timeout %[2]d: Apache waits no longer than %[2]d s for a request in the queue; "+
			"leave socket-timeout out, which then follows, or name more for it", d.askedSeconds("queue-timeout"), socket)
	case socket > 0 && d.askedSeconds("response-socket-timeout") > socket:
		return fmt.Errorf("response-socket-timeout %d and socket-timeout %[2]d: the daemon waits no longer than %[2]d s for a client that takes nothing; "+
			"leave socket-timeout out, which then follows, or name as much for it", d.askedSeconds("response-socket-timeout"), socket)
	case d.askedSeconds("interrupt-timeout") > 0 && request && d.askedSeconds("request-timeout") == 0:
		return fmt.Errorf("interrupt-timeout: with request-timeout 0 no request ever counts as stuck; leave one of them out")
	case d.switchesMonitorOff():
		return fmt.Errorf("deadlock-timeout=0: without inactivity-timeout it switches off the thread that watches " +
			"request-timeout, startup-timeout, restart-interval and graceful-timeout too; use a large value")
	}
	return nil
}

func (d Daemon) switchesMonitorOff() bool {
	_, asked := d.Settings.Find("deadlock-timeout")
	return asked && d.askedSeconds("deadlock-timeout") == 0 && d.askedSeconds("inactivity-timeout") == 0
}

// askedSeconds is a time that was asked for; 0 for none, as for never.
func (d Daemon) askedSeconds(name string) int {
	if _, asked := d.Settings.Find(name); !asked {
		return 0
	}
	return d.number(name)
}
