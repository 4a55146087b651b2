// Package storetest kills processes that change files, for tests only.
package storetest

import (
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// Kills is how often a test kills at random: few times, and many where
// WSGICTL_SOAK asks for it.
func Kills(few, many int) int {
	if os.Getenv("WSGICTL_SOAK") != "" {
		return many
	}
	return few
}

// moreKills is how often more is tried where nothing was killed yet.
const moreKills = 100

// KillAtRandom starts a command again and again and kills it, each time at
// another moment of the time that it takes by itself, as the last run that nobody
// killed has taken. After each, check looks at what is left; killed is false where the
// command was faster. It begins with a run that nobody kills. At least one has to be
// killed.
func KillAtRandom(t testing.TB, kills int, command func() *exec.Cmd, check func(killed bool)) {
	t.Helper()
	began := time.Now()
	if output, err := command().CombinedOutput(); err != nil {
		t.Fatalf("without being killed: %v\n%s", err, output)
	}
	takes := time.Since(began)
	check(false)
	hit := 0
	for n := 0; n < kills || hit == 0 && n < kills+moreKills; n++ {
		process := command()
		began := time.Now()
		if err := process.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- process.Wait() }()
		var err error
		select {
		case err = <-ended:
			takes = time.Since(began)
		case <-time.After(rand.N(takes)):
			_ = process.Process.Kill()
			err = <-ended
		}
		if isKilled(err) {
			hit++
		}
		check(isKilled(err))
	}
	if hit == 0 {
		t.Errorf("none of %d was killed: each was faster than the one before", kills+moreKills)
	}
}

func isKilled(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}
