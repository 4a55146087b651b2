package system

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/wsgictl/wsgictl/needtest"
)

// Each question costs an application that fails a traceback in its log.
func TestFailingSiteIsAskedSeldom(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	d := i.declare("6.1.1", "shop")
	counted := i.write(filepath.Join(i.apps, "counted"), "")
	if err := os.Chmod(counted, 0o666); err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf("def application(environ, start_response):\n    open(%q, 'a').write('x')\n", counted)
	i.write(d.Sites[0].Script, script+"    start_response('200 OK', [])\n    return [b'']\n")
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	i.write(d.Sites[0].Script, script+"    raise ValueError('broken')\n")
	current, err := i.Current()
	if err != nil {
		t.Fatal(err)
	}
	count := func() int {
		t.Helper()
		text, err := os.ReadFile(counted)
		if err != nil {
			t.Fatal(err)
		}
		return len(text)
	}
	asked := func(ask func() error) (times int) {
		t.Helper()
		before := count()
		if err := ask(); err == nil || !strings.Contains(err.Error(), "the application fails with status 500") {
			t.Errorf("error %v", err)
		}
		return count() - before
	}
	times := asked(func() error {
		troubles, err := i.Ask(t.Context(), current)
		return errors.Join(err, troubles["shop"])
	})
	if times != 2 {
		t.Errorf("one that should be served was asked %d times", times)
	}
	if times := asked(func() error { return i.Health(t.Context(), current, i.Limit) }); times > 8 {
		t.Errorf("after a reload it was asked %d times", times)
	}
}

func TestEndOfALog(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	huge := filepath.Join(dir, "huge")
	if err := os.WriteFile(huge, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, 1<<40); err != nil {
		needtest.Missing(t, "%v", err)
	}
	file, err := os.OpenFile(huge, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString("\nlast line\n"); err != nil {
		t.Fatal(err)
	}
	file.Close()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	said := lastLines([]string{huge, pipe, filepath.Join(dir, "none"), dir})
	if !strings.HasSuffix(said, "last line") {
		t.Errorf("%q", said[max(0, len(said)-100):])
	}
	if len(said) > 20_000 {
		t.Errorf("%d bytes", len(said))
	}
}
