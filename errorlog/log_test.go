package errorlog

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// readAll gives all that a log gives.
func readAll(log *Log) (string, error) {
	var all []byte
	for block := range log.Blocks {
		all = append(all, block...)
	}
	return string(all), log.Err()
}

func write(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestBlocksAreWholeLines(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for i := range 50000 {
		fmt.Fprintf(&text, "line %d%s\n", i, strings.Repeat("x", i%200))
	}
	text.WriteString("the last one is not ended")
	log := Open(t.Context(), []string{write(t, "log", []byte(text.String()))})
	var all []byte
	for block := range log.Blocks {
		if !bytes.HasSuffix(block, []byte("\n")) && !bytes.HasSuffix(block, []byte("ended")) {
			t.Errorf("a block ends in %q", block[max(0, len(block)-20):])
		}
		all = append(all, block...)
	}
	if err := log.Err(); err != nil {
		t.Fatal(err)
	}
	if string(all) != text.String() {
		t.Errorf("read %d bytes of %d", len(all), text.Len())
	}
}

func TestLongLineIsCutWithoutBeingKept(t *testing.T) {
	t.Parallel()
	for _, size := range []int{blockSize - 1, blockSize, blockSize + 1, 3*blockSize + 7} {
		long := strings.Repeat("\x00", size)
		for _, reader := range []func(io.Reader) io.Reader{func(r io.Reader) io.Reader { return r }, iotest.HalfReader} {
			blocks := make(chan []byte, 100)
			l := &Log{blocks: blocks}
			if err := l.copy(t.Context(), reader(strings.NewReader("first\n"+long+"\nlast\n"))); err != nil {
				t.Fatal(err)
			}
			close(blocks)
			var tally Tally
			for block := range blocks {
				tally.AddLines(block)
			}
			if tally.Lines != 3 {
				t.Errorf("a line of %d bytes: %d lines, want 3", size, tally.Lines)
			}
		}
	}
}

func TestReadErrorComesAfterWhatWasRead(t *testing.T) {
	t.Parallel()
	blocks := make(chan []byte, 100)
	l := &Log{blocks: blocks}
	broken := errors.New("broken")
	err := l.copy(t.Context(), io.MultiReader(strings.NewReader("one\ntwo"), iotest.ErrReader(broken)))
	close(blocks)
	all := ""
	for block := range blocks {
		all += string(block)
	}
	if !errors.Is(err, broken) || all != "one\ntwo" {
		t.Errorf("%q, %v", all, err)
	}
}

func TestNobodyNeedReadToTheEnd(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	log := Open(ctx, []string{write(t, "log", bytes.Repeat([]byte("line\n"), blockSize))})
	<-log.Blocks
	cancel()
	if all, err := readAll(log); err != nil || len(all) > 4*blockSize {
		t.Errorf("%d bytes more, %v", len(all), err)
	}
}

func TestPackedLogsAreUnpacked(t *testing.T) {
	t.Parallel()
	// Made by gzip, bzip2 and xz from "hello\n", twice: what is put together of
	// several is one log.
	packed := map[string]string{
		"gzip":  unhex("1f8b0800000000000003cb48cdc9c9e7020020303a3606000000"),
		"bzip2": unhex("425a6839314159265359c1c080e2000001410000100244a00030cd00c3462997177245385090c1c080e2"),
		"xz": unhex("fd377a585a000004e6d6b4460200210116000000742fe5a301000568656c6c6f0a000000a56097f194f6fde0" +
			"00011e06c12fa41d1fb6f37d010000000004595a"),
		"none": "hello\n",
	}
	for name, file := range packed {
		got, err := readAll(Open(t.Context(), []string{write(t, name, []byte(file+file))}))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff("hello\nhello\n", got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestWhatUnpacksToFarMoreThanALogIsStopped(t *testing.T) {
	t.Parallel()
	packed := &countingReader{Reader: strings.NewReader("small")}
	if _, err := io.Copy(io.Discard, packed); err != nil {
		t.Fatal(err)
	}
	text := &limitedReader{Reader: strings.NewReader(strings.Repeat("x", 1<<20)), packed: packed, free: 1 << 19}
	n, err := io.Copy(io.Discard, text)
	if err == nil || !strings.Contains(err.Error(), "unpacks to more than 200 times its size") || n > 1<<19+1<<15 {
		t.Errorf("%d bytes, %v", n, err)
	}
	text = &limitedReader{Reader: strings.NewReader(strings.Repeat("x", 1<<20)), packed: packed, free: 1 << 20}
	if n, err := io.Copy(io.Discard, text); n != 1<<20 || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
}

// A file of 1 MB that holds 1 GiB is read no further than any file may be.
func TestSmallFileThatHoldsALotIsStopped(t *testing.T) {
	t.Parallel()
	var part bytes.Buffer
	packer := gzip.NewWriter(&part)
	if _, err := packer.Write(make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := packer.Close(); err != nil {
		t.Fatal(err)
	}
	log := Open(t.Context(), []string{write(t, "bomb.gz", bytes.Repeat(part.Bytes(), 1<<10))})
	read := 0
	for block := range log.Blocks {
		read += len(block)
	}
	if err := log.Err(); err == nil || !strings.Contains(err.Error(), "stopped after 256 MiB") || read > freelyUnpacked {
		t.Errorf("%d bytes, %v", read, err)
	}
}

// The dictionary that a file of xz asks for is memory that is taken before
// anything is read.
func TestDictionaryOfXZIsLimited(t *testing.T) {
	t.Parallel()
	// The header of a block that asks for 4 GiB, with its checksum.
	file := unhex("fd377a585a000004e6d6b446"+"0200210128000000e6a011b3") + strings.Repeat("\x00", 64)
	_, err := readAll(Open(t.Context(), []string{write(t, "bomb.xz", []byte(file))}))
	if err == nil || !strings.Contains(err.Error(), "more than 64 MiB of memory") {
		t.Error(err)
	}
}

func unhex(text string) string {
	content, err := hex.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return string(content)
}
