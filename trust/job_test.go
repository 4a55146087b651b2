package trust

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/trusttest"
)

func asSomebody(t *testing.T) Account {
	t.Helper()
	needtest.Root(t)
	return Account{UID: alice, Groups: []int{alice, bob}, Home: "/nonexistent"}
}

func shell(script string) Job { return Job{Program: "/bin/sh", Args: []string{"-c", script}} }

func TestJobHasGivenUpRoot(t *testing.T) {
	who := asSomebody(t)
	t.Setenv("AWS_SECRET_ACCESS_KEY", "hidden")
	answer, err := who.Run(t.Context(), shell("id -u; id -g; id -G; pwd; env; grep -E '^(Cap(Inh|Prm|Eff|Amb)|NoNewPrivs|Uid|Gid)' /proc/self/status; ulimit -v; ulimit -n; (: </dev/tty) 2>&1"))
	if err != nil && len(answer) == 0 {
		t.Fatal(err)
	}
	text := string(answer)
	for _, want := range []string{
		"61001\n61001\n61001 61002\n/\n", "HOME=/nonexistent\n", "LC_ALL=C\n",
		"Uid:\t61001\t61001\t61001\t61001\n", "Gid:\t61001\t61001\t61001\t61001\n",
		"CapInh:\t0000000000000000\n", "CapPrm:\t0000000000000000\n", "CapEff:\t0000000000000000\n", "CapAmb:\t0000000000000000\n",
		"NoNewPrivs:\t1\n", "2097152\n256\n", "/dev/tty",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
	if strings.Contains(text, "hidden") {
		t.Error("root's variables are visible")
	}
}

// Every account may read the arguments of every process, and an order may name
// variables of root's.
func TestOrderIsNoArgument(t *testing.T) {
	who := asSomebody(t)
	command, err := who.command(t.Context(), Job{Program: "/bin/cat", Environment: []string{"AWS_SECRET_ACCESS_KEY=hidden"}})
	if err != nil {
		t.Fatal(err)
	}
	if told := strings.Join(append(command.Args, command.Env...), " "); strings.Contains(told, "hidden") {
		t.Errorf("others can read: %s", told)
	}
	if answer, err := who.Run(t.Context(), Job{Program: "/bin/cat"}); err != nil || len(answer) > 0 {
		t.Errorf("the program got %q for its input, %v", answer, err)
	}
}

func TestJobAnswersWithABound(t *testing.T) {
	who := asSomebody(t)
	for name, test := range map[string]struct {
		job  Job
		want string
	}{
		"endless":     {shell("yes"), "more than 4 MiB"},
		"complaining": {shell("yes >&2 & sleep 0.2; kill $!; exit 3"), "exit code 3: y"},
		"silent":      {Job{Program: "/bin/sleep", Args: []string{"60"}, Limit: 200 * time.Millisecond}, "no answer within 200ms"},
		"gone":        {Job{Program: "/gone"}, "start /gone"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := who.Run(t.Context(), test.job); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestJobLeavesNothingBehind(t *testing.T) {
	who := asSomebody(t)
	dir := trusttest.Folder(t)
	lay(t, dir, []item{{path: "hers/", uid: alice}})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = who.Run(ctx, Job{Program: "/bin/sh", Args: []string{"-c", "sleep 600 & echo $! > pid; wait"}, Dir: dir + "/hers", Limit: time.Minute})
	}()
	var pid int
	for pid == 0 {
		text, _ := os.ReadFile(filepath.Join(dir, "hers", "pid"))
		for _, digit := range strings.TrimSpace(string(text)) {
			pid = pid*10 + int(digit-'0')
		}
		if !strings.HasSuffix(string(text), "\n") {
			pid = 0
		}
	}
	cancel()
	<-done
	for syscall.Kill(pid, 0) == nil {
		if state, _ := os.ReadFile(filepath.Join("/proc", itoa(pid), "stat")); strings.Contains(string(state), ") Z ") {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func itoa(n int) string { return strings.TrimPrefix(descriptorPath(n), descriptorFolder+"/") }

func TestRootIsNobodyElse(t *testing.T) {
	if _, err := (Account{UID: 0, Groups: []int{0}}).Run(t.Context(), shell("true")); err == nil {
		t.Error("a job ran as root")
	}
	if err := become([]byte(`{"account": {"UID": 0, "Groups": [0]}}`)); err == nil {
		t.Error("root became root")
	}
}
