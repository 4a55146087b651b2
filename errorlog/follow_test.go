package errorlog

import (
	"bufio"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A followed log, and what can be done to it.
type followed struct {
	*testing.T
	path  string
	lines *bufio.Reader
}

func follow(t *testing.T, content string) *followed {
	t.Helper()
	f := &followed{T: t, path: filepath.Join(t.TempDir(), "error.log")}
	f.append(content)
	ctx, cancel := context.WithCancel(t.Context())
	log := Follow(ctx, []string{f.path})
	reader, writer := io.Pipe()
	f.lines = bufio.NewReader(reader)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for block := range log.Blocks {
			if _, err := writer.Write(block); err != nil {
				return
			}
		}
		if err := log.Err(); err != nil {
			t.Error(err)
		}
	}()
	t.Cleanup(func() {
		cancel()
		reader.Close()
		<-done
	})
	return f
}

func (f *followed) append(content string) {
	f.Helper()
	file, err := os.OpenFile(f.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		f.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteString(content); err != nil {
		f.Fatal(err)
	}
}

func (f *followed) rename() {
	f.Helper()
	if err := os.Rename(f.path, f.path+".1"); err != nil {
		f.Fatal(err)
	}
}

func (f *followed) truncate() {
	f.Helper()
	if err := os.Truncate(f.path, 0); err != nil {
		f.Fatal(err)
	}
}

// wants waits for lines.
func (f *followed) wants(lines ...string) {
	f.Helper()
	for _, want := range lines {
		got, err := f.lines.ReadString('\n')
		if err != nil || strings.TrimSuffix(got, "\n") != want {
			f.Fatalf("got %q, %v, want %q", got, err, want)
		}
	}
}

func TestFollowReadsWhatIsThereAndWhatComes(t *testing.T) {
	t.Parallel()
	f := follow(t, "one\ntwo\n")
	f.wants("one", "two")
	f.append("three\nfo")
	f.wants("three")
	f.append("ur\n")
	f.wants("four")
}

func TestFollowGoesOnWhereTheLogWasRenamed(t *testing.T) {
	t.Parallel()
	f := follow(t, "one\n")
	f.wants("one")
	f.append("two\n")
	f.rename()
	f.append("three\n")
	f.wants("two", "three")
	f.rename()
	file, err := os.OpenFile(f.path+".1", os.O_APPEND|os.O_WRONLY, 0) // by a worker that has not seen it yet
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteString("four"); err != nil {
		t.Fatal(err)
	}
	f.append("five\n")
	f.wants("four", "five")
}

func TestFollowBeginsAnewWhereTheLogWasTruncated(t *testing.T) {
	t.Parallel()
	f := follow(t, "one\ntwo\n")
	f.wants("one", "two")
	f.truncate()
	f.append("3\n")
	f.wants("3")
	f.truncate()
	f.append("four, and longer than what was there before\n")
	f.wants("four, and longer than what was there before")
}

func TestFollowRefusesWhatDoesNotGrow(t *testing.T) {
	t.Parallel()
	packed := write(t, "error.log.gz", []byte(unhex("1f8b0800000000000003cb48cdc9c9e7020020303a3606000000")))
	for path, want := range map[string]string{packed: "it is compressed", os.DevNull: "it is no regular file", t.TempDir(): "it is a folder"} {
		if _, err := readAll(Follow(t.Context(), []string{path})); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestFollowEndsAtOnce(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	log := Follow(ctx, []string{write(t, "log", []byte("line\n"))})
	<-log.Blocks
	cancel()
	if _, err := readAll(log); err != nil {
		t.Error(err)
	}
}
