package detect

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/trusttest"
)

// stranger is the account nobody.
const stranger = 65534

// strangersFolder is a folder that others can reach and that belongs to a
// stranger.
func strangersFolder(t *testing.T) string {
	t.Helper()
	dir := trusttest.Folder(t)
	give(t, dir)
	return dir
}

func give(t *testing.T, path string) {
	t.Helper()
	if err := os.Lchown(path, stranger, stranger); err != nil {
		t.Fatal(err)
	}
}

func writeProgram(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestRootDoesNotAskTheHTTPDThatAStrangerRuns(t *testing.T) {
	dir := strangersFolder(t)
	shell, err := os.ReadFile("/bin/sh")
	if err != nil {
		t.Fatal(err)
	}
	fake := filepath.Join(dir, "apache2")
	writeProgram(t, fake, string(shell))
	give(t, fake)
	server := exec.Command(fake, "-c", "read wait")
	server.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: stranger, Gid: stranger}}
	stdin, err := server.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdin.Close(); _ = server.Wait() })
	for deadline := time.Now().Add(5 * time.Second); len(theirs(installed.Running(""), fake)) == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the stranger's server is not seen to run, so that the test says nothing")
		}
	}
	known := t.TempDir() // of one program only, the processes are not looked at
	writeProgram(t, filepath.Join(known, "httpd"), "#!/bin/sh\n")
	writeProgram(t, filepath.Join(known, "httpd2"), "#!/bin/sh\n")
	t.Setenv("PATH", known)
	d := &detector{notebook: &notebook{}}
	if found := d.candidates(); slices.Contains(found, fake) {
		t.Errorf("root would start %q, of which %s belongs to a stranger", found, fake)
	}
}

func theirs(all []installed.Process, program string) []installed.Process {
	var list []installed.Process
	for _, p := range all {
		if p.Named() == program {
			list = append(list, p)
		}
	}
	return list
}

func TestRootStartsAStrangersProgramAsTheStranger(t *testing.T) {
	dir := strangersFolder(t)
	own := filepath.Join(dir, "own")
	writeProgram(t, own, "#!/bin/sh\nid -u; id -G; pwd; env\n")
	give(t, own)
	for name, program := range map[string]string{
		"file":             own,
		"file in a folder": filepath.Join(dir, "roots"),
		"link":             filepath.Join(dir, "link"),
	} {
		t.Run(name, func(t *testing.T) {
			switch name {
			case "file in a folder": // which the owner of the folder can exchange
				writeProgram(t, program, "#!/bin/sh\nid -u; id -G; pwd; env\n")
			case "link":
				if err := os.Symlink(own, program); err != nil {
					t.Fatal(err)
				}
			}
			t.Setenv("AWS_SECRET_ACCESS_KEY", "hidden")
			text, err := treeAt("").Output(t.Context(), program)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(text, "65534\n65534\n/\n") || strings.Contains(text, "hidden") {
				t.Errorf("it ran with this:\n%s\nwant user and group 65534, no more groups, the folder / and none of root's variables", text)
			}
		})
	}
}

func TestProbesDoNotRunInTheFolderOfTheCaller(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "posix.py"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	text, err := treeAt("").Output(t.Context(), "/bin/sh", "-c", "pwd")
	if err != nil || text != "/\n" {
		t.Errorf("a program that is asked for facts runs in %q (%v), want /: Python would import what lies there", text, err)
	}
}

// A stranger's link may lead to any program of root's.
func TestStrangersLinkChoosesNoProgramOfRoots(t *testing.T) {
	dir := strangersFolder(t)
	roots, err := os.MkdirTemp("/tmp", "wsgictl-roots-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(roots) })
	shell, err := os.ReadFile("/bin/sh")
	if err != nil {
		t.Fatal(err)
	}
	writeProgram(t, filepath.Join(roots, "python3.11"), string(shell)) // an image of that name
	writeProgram(t, filepath.Join(roots, "python3.12"), "#!/bin/sh\n")
	link := filepath.Join(dir, "python")
	for target, want := range map[string]string{
		roots + "/python3.11": roots + "/python3.11",
		roots + "/python3.12": link,
		"/bin/sh":             link,
	} {
		_ = os.Remove(link)
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
		if program, interpreter := treeAt("").toAsk(link); program != want || interpreter != want {
			t.Errorf("a link to %s has root start %s, and believe %s", target, program, interpreter)
		}
	}
	if program, _ := treeAt("").toAsk("/bin/sh"); program != "/bin/sh" {
		t.Errorf("root's own choice is %s", program)
	}
}

// What a stranger's process has open can be started by its link in /proc, whose
// text names nothing that is there. Root does not start it as root.
func TestRootDoesNotStartWhatAStrangersProcessHasOpen(t *testing.T) {
	dir := strangersFolder(t)
	program, link := filepath.Join(dir, "program"), filepath.Join(dir, "python")
	writeProgram(t, program, "#!/bin/sh\nid -u\n")
	give(t, program)
	holder := exec.Command("/bin/sh", "-c", "exec 3<program; rm program; echo; exec sleep 60")
	holder.Dir = dir
	holder.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: stranger, Gid: stranger}}
	ready, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = holder.Process.Kill(); _ = holder.Wait() })
	if _, err := ready.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/proc/"+strconv.Itoa(holder.Process.Pid)+"/fd/3", link); err != nil {
		t.Fatal(err)
	}
	if answer, err := treeAt("").Output(t.Context(), link); err == nil || answer != "" {
		t.Errorf("it ran as user %q, %v", answer, err)
	}
}

// A stranger takes the program away while root looks, and puts it there before
// root starts it.
func TestRootDoesNotStartWhatWasNotThere(t *testing.T) {
	dir := strangersFolder(t)
	program := filepath.Join(dir, "python")
	writeProgram(t, program, "#!/bin/sh\nid -u\n")
	give(t, program)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			default:
			}
			_ = os.Rename(program, program+".away")
			_ = os.Rename(program+".away", program)
		}
	}()
	for end := time.Now().Add(2 * time.Second); time.Now().Before(end); {
		if answer, _ := treeAt("").Output(t.Context(), program); strings.TrimSpace(answer) == "0" {
			t.Error("it ran as root")
			break
		}
	}
	close(done)
	<-ended
}
