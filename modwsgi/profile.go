package modwsgi

import (
	"fmt"
	"time"
)

// DefaultRecovery is when a process whose threads are all stuck begins to be
// replaced, unless someone wants it otherwise.
//
// mod_wsgi counts the time that a client takes to send its request and to
// receive the response, and replaces the process of a slow one with all that it
// serves. Within three minutes a client with 60 kB/s sends the 10 MiB that
// setup-server accepts by default, and one with 120 kB/s receives 20 MiB. The
// price is that an application that is stuck comes back after three minutes.
const DefaultRecovery = 180 * time.Second

// Recommended is the profile of daemon process options for production: those
// that the release knows, in the order of the option table. Recovery is how
// long all threads of a process may be stuck before the process is replaced;
// the profile's request-timeout is what makes it so for the release and the
// number of threads.
//
// The locale is C.UTF-8, which a host may not have; who knows the host puts
// another in its place.
func Recommended(r Release, threads int, recovery time.Duration) (Settings, error) {
	if err := checkThreads(threads); err != nil {
		return nil, err
	}
	timeout := RequestTimeoutFor(r, threads, recovery)
	var settings Settings
	for _, o := range DaemonOptions(r) {
		switch {
		case o.Name == "threads":
			settings = append(settings, Setting{o.Name, fmt.Sprint(threads), o.Reason})
		case o.Name == "request-timeout":
			settings = append(settings, Setting{o.Name, fmt.Sprint(timeout.Value), o.Reason + ": " + timeout.String()})
		case o.Recommended != "":
			settings = append(settings, Setting{o.Name, o.Recommended, o.Reason})
		}
	}
	return settings, nil
}

func checkThreads(threads int) error {
	option, err := LookupDaemonOption("threads", Newest)
	if err != nil {
		return err
	}
	if threads < 1 {
		return &ValueError{Name: "threads", Value: fmt.Sprint(threads), Want: "at least 1 for a process that serves requests"}
	}
	return option.Check(fmt.Sprint(threads))
}
