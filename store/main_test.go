package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/wsgictl/wsgictl/trust"
)

// The test program, started with WSGICTL_TEST_CARRY naming a folder, carries out
// the transaction of [newTree] there, and kills itself before the step whose
// number is in WSGICTL_TEST_KILL_AT.
func TestMain(m *testing.M) {
	trust.Become()
	if dir := os.Getenv("WSGICTL_TEST_CARRY"); dir != "" {
		os.Exit(carryIn(dir))
	}
	os.Exit(m.Run())
}

func carryIn(dir string) int {
	killAt, _ := strconv.Atoi(os.Getenv("WSGICTL_TEST_KILL_AT"))
	step := 0
	s, err := Open(filepath.Join(dir, "store"), Options{Trusted: trust.RootAndCaller(), Release: "1.0", Report: func(string) {
		if step++; step == killAt {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}})
	if err == nil {
		err = carry(s, dir, os.Getenv("WSGICTL_TEST_FAIL") == "", os.Getenv("WSGICTL_TEST_CONFINED") != "")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
