package store

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// What is exchanged while it is read gives its own content or an error: never
// that of where a link leads, and no end of waiting for a FIFO.
func TestFileThatIsExchangedWhileItIsReadGivesNothingElse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{"secret": "secret", "hers": "hers"} {
		if err := os.WriteFile(at(name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("secret", at("link")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(at("fifo"), 0o644); err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	exchanging := make(chan struct{})
	go func() {
		defer close(exchanging)
		for n := 0; ; n++ {
			select {
			case <-over:
				return
			default:
			}
			// A second name of the file, then the link, then the FIFO.
			_ = os.Link(at([]string{"hers", "link", "fifo"}[n%3]), at("next"))
			_ = os.Rename(at("next"), at("read"))
			_ = os.Remove(at("next")) // which a rename to another name of the same file leaves
		}
	}()
	defer func() { close(over); <-exchanging }()
	folder, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	read := 0
	for end := time.Now().Add(time.Second); time.Now().Before(end); {
		entry, err := readState(folder, "read")
		if string(entry.Content) == "secret" {
			t.Fatal("it gives where the link leads")
		}
		if err == nil && string(entry.Content) == "hers" {
			read++
		}
	}
	t.Logf("read %d times", read)
	if text, err := ReadRegular(folder, "hers", 3); err == nil {
		t.Errorf("more than the limit is read: %q", text)
	}
}
