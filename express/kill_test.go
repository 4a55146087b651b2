package express_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/store/storetest"
)

// writing has this test program write a server root: of which application, with
// which virtualenv, and where.
const writing = "WSGICTL_TEST_WRITE"

// TestServerRootThatIsKilledIsWholeAfterTheNext kills the writing of another server
// root over one at random. The next one makes all of it its own, and leaves nothing
// of the journal.
func TestServerRootThatIsKilledIsWholeAfterTheNext(t *testing.T) {
	write := func(a *application, args ...string) {
		t.Helper()
		if err := a.plan(t, args).Write(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	changed := []string{"--server-status", "--port", "18000", "--mount-point", "/other"}
	if places := os.Getenv(writing); places != "" {
		words := strings.Split(places, "|")
		write(&application{Dir: words[0], Venv: words[1], Root: words[2]}, changed...)
		return
	}
	t.Parallel()
	a := newApplication(t, "6.1.1")
	write(a, changed...)
	after := contents(t, a.Root)
	write(a)
	before := contents(t, a.Root)
	if cmp.Diff(before, after) == "" {
		t.Fatal("nothing is to be changed, so that the test says nothing")
	}
	start := func() *exec.Cmd { return again(t, writing+"="+strings.Join([]string{a.Dir, a.Venv, a.Root}, "|")) }
	check := func(bool) {
		t.Helper()
		write(a)
		if diff := cmp.Diff(before, contents(t, a.Root)); diff != "" {
			t.Fatalf("the server root is another one (-before +now):\n%s", diff)
		}
	}
	storetest.KillIn(t, a.Root, filepath.Join(a.Root, "*", "journal.json"), start())
	check(true)
	storetest.KillAtRandom(t, storetest.Kills(15, 300), start, check)
}
