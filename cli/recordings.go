package cli

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/jsonreport"
)

type recordingsCommand struct {
	ID        string `arg:"" optional:"" help:"Recording to show; without it all are listed."`
	Directory string `placeholder:"DIR" help:"Folder of the recordings (default: that of the server on port 8000)."`
	JSON      bool   `help:"Print a JSON object."`
}

// Help is the long form of the command's help.
func (recordingsCommand) Help() string {
	return `Lists the requests that start-server --enable-recorder has kept, or shows one:
headers and body of the request and of the response, and the exception if the
application raised one.

Example:
  wsgictl start-server wsgi.py --enable-recorder
  wsgictl recordings
  wsgictl recordings 1795630000000000-4711-1`
}

func (c recordingsCommand) Run(ctx context.Context, s *streams) error {
	dir := c.Directory
	if dir == "" {
		caller, err := express.CurrentCaller("recordings")
		if err != nil {
			return err
		}
		dir = express.RecordingFolder(caller)
	}
	if c.ID == "" {
		return c.list(ctx, s, dir)
	}
	recording, err := express.ReadRecording(dir, c.ID)
	if err != nil {
		return usageError{err}
	}
	if c.JSON {
		return jsonreport.Write(s.data, recording)
	}
	return showRecording(s.stdout, recording)
}

func (c recordingsCommand) list(ctx context.Context, s *streams, dir string) error {
	recordings, err := express.Recordings(ctx, dir)
	if err != nil {
		return usageError{err}
	}
	if c.JSON {
		return jsonreport.Write(s.data, struct {
			Version    int                 `json:"version"`
			Recordings []express.Recording `json:"recordings"`
		}{1, recordings})
	}
	for _, r := range recordings {
		status, _, _ := strings.Cut(r.Status, " ")
		if r.Exception != "" || status == "" {
			status = "failed"
		}
		if _, err := fmt.Fprintf(s.stdout, "%-28s %s %8.0f ms  %-6s %-6s %s\n", r.ID, r.Began().Format("15:04:05"), r.Seconds*1000, status, r.Method, r.URL); err != nil {
			return err
		}
	}
	return nil
}

func showRecording(w io.Writer, r express.Recording) error {
	var text strings.Builder
	fmt.Fprintf(&text, "%s %s\n", r.Method, r.URL)
	for _, header := range r.RequestHeaders() {
		fmt.Fprintf(&text, "%s\n", header)
	}
	writeBody(&text, r.Request)
	fmt.Fprintf(&text, "\n%s\n", r.Status)
	for _, header := range r.Headers {
		fmt.Fprintf(&text, "%s: %s\n", header[0], header[1])
	}
	writeBody(&text, r.Response)
	if r.Exception != "" {
		fmt.Fprintf(&text, "\n%s", r.Exception)
	}
	_, err := io.WriteString(w, text.String())
	return err
}

func writeBody(text *strings.Builder, body []byte) {
	switch {
	case len(body) == 0:
	case utf8.Valid(body):
		fmt.Fprintf(text, "\n%s\n", strings.TrimSuffix(string(body), "\n"))
	default:
		fmt.Fprintf(text, "\n(%s bytes that are no text)\n", strconv.Itoa(len(body)))
	}
}
