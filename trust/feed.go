package trust

import (
	"io"
	"os"
)

// A feed is a pipe by which a child gets what it is to read.
type feed struct {
	read, write *os.File
	done        chan struct{}
}

// feed begins to write into a pipe what the job is to read; it has none where that is
// nothing. Where the source fails, the pipe ends: the reader has to know by what it reads
// that this is not all.
func (job Job) feed() (feed, error) {
	if job.Input == nil {
		return feed{}, nil
	}
	read, write, err := os.Pipe()
	if err != nil {
		return feed{}, err
	}
	f := feed{read, write, make(chan struct{})}
	go func() {
		defer close(f.done)
		_, _ = io.Copy(write, job.Input) // the reader has ended, or the source has told its own side
		_ = write.Close()
	}()
	return f, nil
}

// end waits until nothing more is written.
func (f feed) end() {
	if f.read == nil {
		return
	}
	_ = f.read.Close()
	<-f.done
}
