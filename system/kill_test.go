package system

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/deploy"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/store/storetest"
	"github.com/wsgictl/wsgictl/trust"
)

// The test program, started with WSGICTL_TEST_CARRY naming a folder, carries
// one transaction out there and kills itself before the step whose number is
// in WSGICTL_TEST_KILL_AT.
func TestMain(m *testing.M) {
	trust.Become()
	deploy.Become()
	if dir := os.Getenv("WSGICTL_TEST_CARRY"); dir != "" {
		os.Exit(carryInFolder(dir))
	}
	os.Exit(m.Run())
}

// etcWanted and etcBefore are a transaction with every kind of change: files
// made, changed, replaced and given back, links made and taken away, folders.
var etcBefore = map[string]Want{
	"mods":         {PathState: store.NewFolder(0o755)},
	"mods/a.load":  {PathState: store.NewFile([]byte("load a, old\n"), 0o644), Rank: 1},
	"mods/old":     {PathState: store.NewLink("a.load"), Rank: 2},
	"gone":         {PathState: store.NewFolder(0o755)},
	"gone/b.conf":  {PathState: store.NewFile([]byte("b\n"), 0o640), Rank: 3},
	"sites/s.conf": {PathState: store.NewFile([]byte("site, old\n"), 0o644), Rank: 5},
}

var etcWanted = map[string]Want{
	"mods":          {PathState: store.NewFolder(0o755)},
	"mods/a.load":   {PathState: store.NewFile([]byte("load a, new\n"), 0o600), Rank: 1},
	"mods/new":      {PathState: store.NewLink("a.load"), Rank: 2},
	"made":          {PathState: store.NewFolder(0o755)},
	"made/c.conf":   {PathState: store.NewFile([]byte("c\n"), 0o644), Rank: 3},
	"sites/s.conf":  {PathState: store.NewFile([]byte("site, new\n"), 0o644), Rank: 5},
	"sites/s.link":  {PathState: store.NewLink("s.conf"), Rank: 6},
	"sites/foreign": {PathState: store.PathState{}, Rank: 6, Replaces: true},
}

func carryInFolder(dir string) int {
	killAt, _ := strconv.Atoi(os.Getenv("WSGICTL_TEST_KILL_AT"))
	step := 0
	history, err := OpenHistory(filepath.Join(dir, "store"), "1.0", func(text string) {
		if os.Getenv("WSGICTL_TEST_SAY") != "" {
			fmt.Fprintln(os.Stderr, text)
			syscall.Kill(os.Getpid(), syscall.SIGTSTP)
		}
		if step++; step == killAt {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	})
	if err == nil {
		err = carry(history, below(dir, etcWanted), "apply", os.Getenv("WSGICTL_TEST_FAIL") == "")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// carry brings what is wanted about, or lets the verification fail.
func carry(history History, wanted map[string]Want, command string, holds bool) error {
	unlock, err := history.Lock(context.Background(), nil)
	if err != nil {
		return err
	}
	defer unlock()
	current, err := history.Current()
	if err != nil {
		return err
	}
	difference, err := Compare(wanted, current.Managed)
	if err != nil {
		return err
	}
	if len(difference.Conflicts) > 0 {
		return fmt.Errorf("conflicts: %v", difference.Conflicts)
	}
	next := Generation{Number: current.Number + 1, Time: time.Now(), Command: command, Managed: difference.Managed}
	return history.Carry(difference.Changes, next, func() error {
		if !holds {
			return fmt.Errorf("it does not hold")
		}
		return nil
	}, func() error { return nil })
}

func below(dir string, wanted map[string]Want) map[string]Want {
	moved := map[string]Want{}
	for path, want := range wanted {
		moved[filepath.Join(dir, "etc", path)] = want
	}
	return moved
}

// newFolder makes a folder with the old generation in force, and gives the
// trees before and after the transaction.
func newFolder(t testing.TB) (dir string, before, after map[string]store.PathState) {
	t.Helper()
	dir = emptyFolder(t)
	if err := carry(openHistory(t, dir), below(dir, etcBefore), "apply", true); err != nil {
		t.Fatal(err)
	}
	before = snapshot(t, dir)
	if err := carry(openHistory(t, dir), below(dir, etcWanted), "apply", true); err != nil {
		t.Fatal(err)
	}
	after = snapshot(t, dir)
	if err := carry(openHistory(t, dir), below(dir, etcBefore), "rollback", true); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, snapshot(t, dir)); diff != "" {
		t.Fatalf("going back gives another tree (-first +again):\n%s", diff)
	}
	return dir, before, after
}

func emptyFolder(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for _, path := range []string{"etc/sites/foreign"} {
		os.MkdirAll(filepath.Dir(filepath.Join(dir, path)), 0o755)
		if err := os.WriteFile(filepath.Join(dir, path), []byte("not wsgictl's\n"), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func openHistory(t testing.TB, dir string) History {
	t.Helper()
	history, err := OpenHistory(filepath.Join(dir, "store"), "1.0", nil)
	if err != nil {
		t.Fatal(err)
	}
	return history
}

// snapshot reads all that is below etc.
func snapshot(t testing.TB, dir string) map[string]store.PathState {
	t.Helper()
	tree := map[string]store.PathState{}
	etc := filepath.Join(dir, "etc")
	err := filepath.WalkDir(etc, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		entry, err := store.Read(path)
		tree[path] = entry
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// recoverAndCheck lets the next start find what a killed one left, and holds
// that the tree is wholly the old or wholly the new one.
func recoverAndCheck(t testing.TB, dir string, before, after map[string]store.PathState) {
	t.Helper()
	history := openHistory(t, dir)
	if _, err := history.Recover(func() error { return nil }); err != nil {
		t.Fatal(err)
	}
	current, err := history.Current()
	if err != nil {
		t.Fatal(err)
	}
	wanted := before
	if current.Command == "apply" && current.Number > 3 {
		wanted = after
	}
	if diff := cmp.Diff(wanted, snapshot(t, dir)); diff != "" {
		t.Fatalf("generation %d, but another tree (-want +got):\n%s", current.Number, diff)
	}
	if pending, err := history.Pending(); pending != nil || err != nil {
		t.Fatalf("after recovery: journal %v, error %v", pending, err)
	}
}

func carryProcess(dir string, environment ...string) *exec.Cmd {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), append(environment, "WSGICTL_TEST_CARRY="+dir)...)
	return command
}

func TestKilledBeforeAnyStepIsRecovered(t *testing.T) {
	t.Parallel()
	for _, fail := range []string{"", "1"} {
		t.Run("fail="+fail, func(t *testing.T) {
			t.Parallel()
			dir, before, after := newFolder(t)
			for step := 1; ; step++ {
				output, err := carryProcess(dir, "WSGICTL_TEST_KILL_AT="+strconv.Itoa(step), "WSGICTL_TEST_FAIL="+fail).CombinedOutput()
				killed := err != nil && err.Error() == "signal: killed"
				if !killed && (err == nil) == (fail != "") {
					t.Fatalf("step %d: %v\n%s", step, err, output)
				}
				recoverAndCheck(t, dir, before, after)
				if err := carry(openHistory(t, dir), below(dir, etcBefore), "rollback", true); err != nil {
					t.Fatal(err)
				}
				if !killed {
					if step < 20 {
						t.Fatalf("only %d steps", step)
					}
					return
				}
			}
		})
	}
}

func TestKilledAtRandomIsRecovered(t *testing.T) {
	t.Parallel()
	dir, before, after := newFolder(t)
	fails := 0
	storetest.KillAtRandom(t, storetest.Kills(50, 1000), func() *exec.Cmd {
		if err := carry(openHistory(t, dir), below(dir, etcBefore), "rollback", true); err != nil {
			t.Fatal(err)
		}
		fails++
		return carryProcess(dir, "WSGICTL_TEST_FAIL="+[]string{"1", ""}[fails%2])
	}, func(bool) { recoverAndCheck(t, dir, before, after) })
}

func TestGenerationGoesToJSONAndBack(t *testing.T) {
	t.Parallel()
	want := Generation{Number: 3, Command: "apply", Managed: map[string]Managed{"/etc/x": {Want: Want{PathState: store.NewFile([]byte("x"), 0o644), Rank: 2, Replaces: true}, Original: store.NewLink("y")}}}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got Generation
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if !got.Managed["/etc/x"].Equal(want.Managed["/etc/x"].PathState) || got.Managed["/etc/x"].Rank != 2 || got.Managed["/etc/x"].Original.Target != "y" {
		t.Errorf("got %s", text)
	}
}

// Nobody reads what is reported any more, and somebody presses Ctrl-Z.
func TestTransactionIsNotCutShortByTheTerminal(t *testing.T) {
	t.Parallel()
	dir, _, after := newFolder(t)
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	reader.Close()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), "WSGICTL_TEST_CARRY="+dir, "WSGICTL_TEST_SAY=yes")
	command.Stderr = writer
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // as a shell starts it
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	writer.Close()
	stopped := time.AfterFunc(time.Minute, func() { command.Process.Kill() })
	if err := command.Wait(); err != nil {
		t.Errorf("it ended with: %v", err)
	}
	stopped.Stop()
	if diff := cmp.Diff(after, snapshot(t, dir)); diff != "" {
		t.Errorf("the transaction is not whole (-want +got):\n%s", diff)
	}
}
