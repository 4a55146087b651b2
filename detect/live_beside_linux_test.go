//go:build linux

package detect_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// TestLiveTellsBothModulesApart looks at a server that has loaded a mod_wsgi and the
// mod_wsgictl beside it.
func TestLiveTellsBothModulesApart(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	content, err := os.ReadFile(modwsgi.Beside(httpdtest.Module(t, "6.1.1")))
	if err != nil {
		t.Fatal(err)
	}
	beside := s.Write("mod_wsgictl-py311.so", string(content))
	s.Start(s.LoadModule("6.1.1") + fmt.Sprintf("LoadModule wsgictl_module %q\n", beside))
	text, err := os.ReadFile(s.Root + "/httpd.pid")
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		live, err := detect.LookLive(pid)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range live.Children {
			if p.Beside == beside && strings.Contains(p.Module, "mod_wsgi") && !modwsgi.IsBeside(p.Module) {
				return
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("no child has both: %+v", live.Children)
		}
	}
}
