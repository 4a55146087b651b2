package installed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/trust"
)

// The test program, started by the name apachectl, is a control command that keeps what
// it is told in the file told of the server root, and fails where that has a file says.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "apachectl" {
		os.Exit(control(os.Getenv("APACHE_CONFDIR"), os.Args[1:]))
	}
	os.Exit(m.Run())
}

func control(root string, args []string) int {
	told, err := os.OpenFile(filepath.Join(root, "told"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return 1
	}
	fmt.Fprintln(told, strings.Join(args, " "))
	if says := read(filepath.Join(root, "says")); says != "" {
		fmt.Fprint(os.Stderr, says)
		return 3
	}
	return 0
}

// controlled is an Apache that never runs, whatever it is told.
func controlled(t *testing.T, instance bool) (a Apache, told string) {
	t.Helper()
	root := t.TempDir()
	program, err := os.Executable()
	if err == nil {
		err = os.Symlink(program, filepath.Join(root, "apachectl"))
	}
	if err != nil {
		t.Fatal(err)
	}
	return Apache{
		Path: "/bin/false", Control: filepath.Join(root, "apachectl"), ServerRoot: root, ConfigFile: filepath.Join(root, "apache2.conf"),
		PIDFile: filepath.Join(root, "apache2.pid"), Instance: instance,
	}, filepath.Join(root, "told")
}

// TestControlCommandIsToldOfAnInstance: the family's main Apache is started by the
// command's own word, which its supervisor knows of, and others by their configuration.
// What is not done is waited for only as long as the context lasts.
func TestControlCommandIsToldOfAnInstance(t *testing.T) {
	t.Parallel()
	for instance, want := range map[bool]string{
		false: "start\n-d ROOT -f ROOT/apache2.conf -t\nstop\n",
		true:  "-d ROOT -f ROOT/apache2.conf -k start\n-d ROOT -f ROOT/apache2.conf -t\n",
	} {
		a, told := controlled(t, instance)
		s := NewServer(a, trust.Everyone())
		ctx, cancel := context.WithCancel(t.Context())
		wait := make(chan error, 1)
		go func() { wait <- s.Start(ctx) }()
		for !strings.HasSuffix(read(told), "start\n") {
			time.Sleep(10 * time.Millisecond)
		}
		cancel()
		if err := <-wait; err == nil {
			t.Error("it is said to have started")
		}
		if err := s.ConfigTest(t.Context()); err != nil {
			t.Error(err)
		}
		if err := s.Stop(t.Context()); err != nil { // it does not run
			t.Error(err)
		}
		if got := strings.ReplaceAll(read(told), a.ServerRoot, "ROOT"); got != want {
			t.Errorf("instance %v: told\n%s\nwant\n%s", instance, got, want)
		}
	}
}

func read(path string) string {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return ""
	}
	return string(text)
}

func TestControlCommandThatFailsIsQuoted(t *testing.T) {
	t.Parallel()
	a, _ := controlled(t, true)
	if err := os.WriteFile(filepath.Join(a.ServerRoot, "says"), []byte("Syntax error on line 7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := NewServer(a, trust.Everyone())
	err := s.ConfigTestOf(t.Context(), "/srv/copy/apache2.conf")
	if want := a.Control + " -d " + a.ServerRoot + " -f /srv/copy/apache2.conf -t: exit code 3\nSyntax error on line 7"; err == nil || err.Error() != want {
		t.Errorf("error %v\nwant %s", err, want)
	}
}
