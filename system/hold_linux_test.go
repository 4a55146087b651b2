package system

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/needtest"
)

// holdForever is the variable by which the test program, as a process of its
// own, holds the Apache with that process id and does not let go.
const holdForever = "WSGICTL_TEST_HOLD"

func TestApacheGoesOnWhenTheProcessThatHoldsItIsKilled(t *testing.T) {
	t.Parallel()
	if pid, err := strconv.Atoi(os.Getenv(holdForever)); err == nil {
		reloadHeld(pid, daemonSockets(pid), func() error { return unix.Kill(pid, unix.SIGUSR1) }, func() {
			fmt.Println("held")
			select {}
		})
	}
	i := newInstance(t)
	if err := i.apply(i.declare("6.1.1", "hello")); err != nil {
		t.Fatal(err)
	}
	holder := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	holder.Env = append(os.Environ(), holdForever+"="+strconv.Itoa(i.RunningPID()))
	output, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(output).ReadString('\n'); line != "held\n" {
		t.Fatalf("said %q, error %v", line, err)
	}
	answered := make(chan bool)
	go func() {
		i.expect("hello", "6.1.1")
		close(answered)
	}()
	select {
	case <-answered:
		t.Error("the site answers while its Apache is held")
	case <-time.After(time.Second):
	}
	holder.Process.Kill()
	io.Copy(io.Discard, output)
	holder.Wait()
	<-answered // the request that waited
	i.clean()
}

// An Apache that somebody else traces cannot be held, and is reloaded all the
// same.
func TestApacheThatCannotBeHeldIsReloaded(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	if err := i.apply(i.declare("6.1.1", "hello")); err != nil {
		t.Fatal(err)
	}
	tracer := exec.Command("strace", "-o", "/dev/null", "-p", strconv.Itoa(i.RunningPID()))
	if err := tracer.Start(); err != nil {
		needtest.Missing(t, "%v", err)
	}
	defer func() {
		tracer.Process.Signal(os.Interrupt)
		tracer.Wait()
	}()
	i.awaitTracer(tracer.Process.Pid)
	var reports []string
	i.Report = func(text string) { reports = append(reports, text) }
	if err := i.apply(i.declare("6.1.1", "hello", "shop")); err != nil {
		t.Fatal(err)
	}
	i.expect("shop", "6.1.1")
	if !strings.Contains(strings.Join(reports, "\n"), "could not be waited for: trace the parent process of Apache") {
		t.Errorf("reports %q", reports)
	}
}

func (i *instance) awaitTracer(pid int) {
	for range 500 {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", i.RunningPID()))
		if strings.Contains(string(status), fmt.Sprintf("TracerPid:\t%d\n", pid)) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	i.t.Fatal("the tracer does not trace")
}
