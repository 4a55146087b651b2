package trust

import (
	"bufio"
	"fmt"
	"os/exec"
	"syscall"
	"testing"

	"github.com/wsgictl/wsgictl/trusttest"
)

// Alice has a process whose links in /proc lead to what is nowhere else. Their
// text says "/usr/bin" also where that is a folder of her own mount namespace, and
// "(deleted)" of what can still be started.
func TestLookDoesNotTakeTheWordOfAProcess(t *testing.T) {
	t.Parallel()
	dir := trusttest.Folder(t)
	lay(t, dir, []item{{path: "hers/", uid: alice}, {path: "hers/file", uid: alice}})
	command := exec.Command("/bin/sh", "-c", "exec 3<file; rm file; cd /usr/bin; echo; exec sleep 60")
	command.Dir = dir + "/hers"
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: alice, Gid: alice}}
	ready, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	if _, err := bufio.NewReader(ready).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	for _, link := range []string{"fd/3", "cwd", "cwd/env", "root/usr/bin/env", "exe"} {
		way, err := Look(fmt.Sprintf("/proc/%d/%s", command.Process.Pid, link))
		if _, open := way.Accounts(); !open {
			t.Errorf("%s: %+v, %v: taken for a way whose changes are known", link, way, err)
		}
		if _, _, err := way.Owner(); err == nil {
			t.Errorf("%s: has one owner", link)
		}
	}
	for _, path := range []string{"/proc/self/status", "/proc/mounts"} {
		if way, err := Look(path); len(way.Holes) > 0 || err != nil {
			t.Errorf("%s: %+v, %v", path, way.Holes, err)
		}
	}
}
