package installed

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"testing"
	"time"
)

// TestUsageIsWhatTheKernelSays reads what this test takes, which knows some of it.
func TestUsageIsWhatTheKernelSays(t *testing.T) {
	t.Parallel()
	for end := time.Now().Add(50 * time.Millisecond); time.Now().Before(end); { // so that there is some
	}
	usage, err := ReadUsage(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if age := time.Since(usage.Started); usage.CPU <= 0 || usage.Threads < 2 || usage.RSS < 1<<20 || age < 0 || age > time.Hour {
		t.Errorf("%+v, age %s", usage, age)
	}
	pss, err := ReadPSS(os.Getpid())
	if err != nil || pss < 1<<20 || pss > 2*usage.RSS {
		t.Errorf("%d of %d bytes, %v", pss, usage.RSS, err)
	}
}

// TestUsageOfNobody asks for a process that has exited, before its parent asked and after.
func TestUsageOfNobody(t *testing.T) {
	t.Parallel()
	command := exec.Command("true")
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if _, err := ReadUsage(command.Process.Pid); errors.Is(err, fs.ErrNotExist) {
			break
		} else if time.Now().After(deadline) {
			t.Fatal("it never exits", err)
		}
	}
	if err := command.Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadPSS(command.Process.Pid); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}
