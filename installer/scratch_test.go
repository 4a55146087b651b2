package installer

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"
)

// The scratch of a run that was killed is removed by the next one, and the one
// that a run still holds is not.
func TestScratchOfAKilledRunIsRemoved(t *testing.T) {
	if parent := os.Getenv("WSGICTL_TEST_SCRATCH"); parent != "" {
		s, err := newScratch(context.Background(), parent)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println(s.dir)
		time.Sleep(time.Minute)
	}
	t.Parallel()
	parent := filepath.Join(t.TempDir(), "cache/scratch")
	other := filepath.Join(parent, "other")
	if err := os.MkdirAll(other, 0o755); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(os.Args[0], "-test.run=^TestScratchOfAKilledRunIsRemoved$")
	command.Env = append(os.Environ(), "WSGICTL_TEST_SCRATCH="+parent)
	started, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	var held string
	if _, err := fmt.Fscanln(started, &held); err != nil {
		t.Fatal(err)
	}
	folders := func() []string {
		found, err := filepath.Glob(filepath.Join(parent, "*"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	for i, want := range [][]string{{held, other}, {other}} {
		own, err := newScratch(t.Context(), parent)
		if err != nil {
			t.Fatal(err)
		}
		own.remove()
		if diff := cmp.Diff(want, folders()); diff != "" {
			t.Errorf("%d: %s", i, diff)
		}
		_ = command.Process.Kill()
		_ = command.Wait()
	}
}

// Runs that begin while others finish find nothing to complain of.
func TestScratchesOfSeveralRunsComeAndGo(t *testing.T) {
	t.Parallel()
	parent := filepath.Join(t.TempDir(), "scratch")
	var group errgroup.Group
	for range 8 {
		group.Go(func() error {
			for range 200 {
				own, err := newScratch(t.Context(), parent)
				if err != nil {
					return err
				}
				if err := os.WriteFile(filepath.Join(own.dir, "file"), nil, 0o600); err != nil {
					return err
				}
				own.remove()
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
}
