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
func Kills(few int) int {
	if os.Getenv("WSGICTL_SOAK") != "" {
		return 20 * few
	}
	return few
}

// KillAtRandom starts a command again and again and kills it, each time at
// another moment of the time that it takes by itself. After each, check looks at
// what is left; killed is false where the command was faster. It begins with a
// run that nobody kills. At least one has to be killed.
func KillAtRandom(t testing.TB, kills int, command func() *exec.Cmd, check func(killed bool)) {
	t.Helper()
	began := time.Now()
	if output, err := command().CombinedOutput(); err != nil {
		t.Fatalf("without being killed: %v\n%s", err, output)
	}
	takes := time.Since(began)
	check(false)
	hit := 0
	for range kills {
		process := command()
		if err := process.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(rand.N(takes))
		_ = process.Process.Kill()
		killed := isKilled(process.Wait())
		if killed {
			hit++
		}
		check(killed)
	}
	if hit == 0 {
		t.Errorf("none of %d was killed: each was faster than the first", kills)
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
