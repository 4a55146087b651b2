package deploy

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/store/storetest"
)

// deployInProcess is what the program of this test does where a test starts it to deploy.
func deployInProcess() error {
	site, err := parse(os.Getenv("DEPLOY_TEST_TOML"))
	if err != nil {
		return err
	}
	source, err := OpenSource(os.Getenv("DEPLOY_TEST_SOURCE"))
	if err != nil {
		return err
	}
	defer source.Close()
	_, err = Deploy{
		Site: site, Release: "1.0", Limit: 30 * time.Second, Find: find(os.Getenv("DEPLOY_TEST_CONFIG")),
		Tell: func(text string) { fmt.Fprintln(os.Stderr, text) }, Hold: func() (func(), error) { return func() {}, nil },
	}.Put(context.Background(), source)
	return err
}

// process is a deploy as a process of its own.
func (s *shop) process(source string) *exec.Cmd {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), "DEPLOY_TEST_TOML="+s.text, "DEPLOY_TEST_SOURCE="+source, "DEPLOY_TEST_CONFIG="+s.Root+"/httpd.conf")
	return command
}

// TestKilledDeployLeavesOneRelease kills deploys at any moment. The site is served without
// a failure all the time, and the next command finds one release that is served, by all
// processes, and none that is not whole.
func TestKilledDeployLeavesOneRelease(t *testing.T) {
	t.Parallel()
	s := newShop(t, "keep = 3")
	s.mustPut(s.version("one", ""))
	s.start()
	end := s.load()
	n := 0
	storetest.KillAtRandom(t, storetest.Kills(6, 60), func() *exec.Cmd {
		n++
		return s.process(s.version(fmt.Sprintf("n%d", n), ""))
	}, func(bool) { s.isConsistent() })
	if asked, failed := end(); asked == 0 || failed != 0 {
		t.Errorf("%d of %d failed\n%s", failed, asked, s.ErrorLog())
	}
}

// TestDeployKilledAsItSwitches leaves a link that was changed already.
func TestDeployKilledAsItSwitches(t *testing.T) {
	t.Parallel()
	s := newShop(t, "")
	one := s.mustPut(s.version("one", ""))
	s.start()
	storetest.KillIn(t, s.site.Folder, filepath.Join("/var/lib/wsgictl", "*"+filepath.Base(s.Root)+"-shop", "journal.json"), s.process(s.version("two", "")))
	if _, err := s.deploy().Back(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "there is no release before "+one.Release) {
		t.Error(err)
	}
	s.serves("one", one.Release)
	if !slices.ContainsFunc(s.told, func(text string) bool { return strings.HasPrefix(text, "undid the interrupted deploy of ") }) {
		t.Errorf("%q", s.told)
	}
}

// TestInterruptedRemovalIsFinished has the removal of a release that was kept end before
// anything of it is gone.
func TestInterruptedRemovalIsFinished(t *testing.T) {
	t.Parallel()
	s := newShop(t, "")
	one := s.mustPut(s.version("one", ""))
	two := s.mustPut(s.version("two", ""))
	w, err := s.deploy().begin(t.Context())
	s.check(err)
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	err = w.remove(interrupted, one.Release)
	w.unlock()
	if err == nil {
		t.Fatal("it was removed, which shows nothing")
	}
	w, err = s.deploy().begin(t.Context())
	s.check(err)
	w.unlock()
	if _, err := os.Lstat(s.site.dir(one.Release)); err == nil {
		t.Error("it is left on disk")
	}
	s.lists(two.Release)
}

// isConsistent has the next command look at what is there, and holds that all is of one
// release.
func (s *shop) isConsistent() {
	s.t.Helper()
	w, err := s.deploy().begin(s.t.Context())
	s.check(err)
	w.unlock()
	serving := s.site.Serving()
	all, _, err := s.site.List("1.0")
	if err != nil || !slices.ContainsFunc(all, func(r Listed) bool { return r.ID == serving && r.Serving }) {
		s.t.Errorf("%v: %+v, and %s is served", err, all, serving)
	}
	onDisk, _ := filepath.Glob(s.site.dir("*"))
	if len(onDisk) != len(all) {
		s.t.Errorf("%v on disk, %+v", onDisk, all)
	}
	for range 20 {
		if got := s.answer(); !strings.HasSuffix(got, " "+s.site.dir(serving)+"/wsgi.py") {
			s.t.Fatalf("%q is answered, and the link leads to %s", got, serving)
		}
	}
}

// TestTwoDeploysAtOnce has the second wait for the first, and say so.
func TestTwoDeploysAtOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t, "before = [[\"sh\", \"-c\", \"sleep 1\"]]")
	s.mustPut(s.version("one", ""))
	s.start()
	first := s.process(s.version("two", ""))
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	for begun := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if made, _ := filepath.Glob(s.site.dir("*")); len(made) == 2 {
			break
		}
		if time.Since(begun) > time.Minute {
			t.Fatal("it makes no release")
		}
	}
	three := s.mustPut(s.version("three", ""))
	if err := first.Wait(); err != nil {
		t.Error(err)
	}
	s.serves("three", three.Release)
	if !slices.ContainsFunc(s.told, func(text string) bool {
		return strings.HasPrefix(text, fmt.Sprintf("waiting for the lock, held by process %d ", first.Process.Pid))
	}) {
		t.Errorf("%q", s.told)
	}
}
