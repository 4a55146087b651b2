package express

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/wsgictl/wsgictl/trust"
)

// A Recording is one request with its response, as --enable-recorder keeps it.
type Recording struct {
	ID        string            `json:"id"`
	Version   int               `json:"version"`
	Time      float64           `json:"time"` // of the request, seconds since 1970
	Seconds   float64           `json:"seconds"`
	Method    string            `json:"method"`
	URL       string            `json:"url"`
	Environ   map[string]string `json:"environ"`
	Status    string            `json:"status"` // empty where the application did not answer
	Headers   [][2]string       `json:"headers"`
	Exception string            `json:"exception,omitempty"`
	Request   []byte            `json:"request"`  // body
	Response  []byte            `json:"response"` // body
}

// Began is when the request came.
func (r Recording) Began() time.Time { return time.UnixMicro(int64(r.Time * 1e6)) }

// RequestHeaders are those of the request, sorted, with the names that WSGI took from
// them.
func (r Recording) RequestHeaders() []string {
	var headers []string
	for key, value := range r.Environ {
		name, isHeader := strings.CutPrefix(key, "HTTP_")
		if !isHeader && key != "CONTENT_TYPE" && key != "CONTENT_LENGTH" || value == "" {
			continue
		}
		words := strings.Split(strings.ToLower(name), "_")
		for i, word := range words {
			if word != "" {
				words[i] = strings.ToUpper(word[:1]) + word[1:]
			}
		}
		headers = append(headers, strings.Join(words, "-")+": "+value)
	}
	sort.Strings(headers)
	return headers
}

// What is read of a recording at most, in bytes: the application's account
// writes it, and root may look at it.
const (
	factsSize = 4 << 20
	bodySize  = 256 << 20
	listSize  = 128 << 20 // of all that are listed, without bodies
)

// Recordings reads all recordings of a folder, oldest first, without bodies.
func Recordings(ctx context.Context, dir string) ([]Recording, error) {
	names, err := fs.Glob(os.DirFS(dir), "*.json")
	if err != nil {
		return nil, fmt.Errorf("recordings in %s: %w", dir, err)
	}
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("recordings: %w; start a server with --enable-recorder first, or name its folder (--directory)", err)
	}
	sort.Strings(names)
	recordings, size := []Recording{}, 0
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r, read, err := readRecording(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		if size += read; size > listSize {
			return nil, fmt.Errorf("recordings in %s: they are more than the %d MiB that are listed; remove the oldest", dir, listSize>>20)
		}
		recordings = append(recordings, r)
	}
	return recordings, nil
}

// readRecording gives a recording without bodies, and how many bytes were read.
func readRecording(name string) (Recording, int, error) {
	r := Recording{ID: strings.TrimSuffix(filepath.Base(name), ".json")}
	text, err := trust.ReadFile(name, factsSize)
	if err != nil {
		return r, 0, fmt.Errorf("recording: %w", err)
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, 0, fmt.Errorf("recording %s: %w", name, err)
	}
	if r.Version != 1 {
		return r, 0, fmt.Errorf("recording %s: version %d is unknown; use a newer wsgictl", name, r.Version)
	}
	return r, len(text), nil
}

var recordingID = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\d+-\d+-\d+$`) })

// ReadRecording reads one recording with its bodies.
func ReadRecording(dir, id string) (Recording, error) {
	if !recordingID().MatchString(id) {
		return Recording{}, fmt.Errorf("recording %q: want an id that \"wsgictl recordings\" lists", id)
	}
	path := filepath.Join(dir, id)
	r, _, err := readRecording(path + ".json")
	if errors.Is(err, fs.ErrNotExist) {
		return r, fmt.Errorf("recording %s: there is none in %s", id, dir)
	}
	if err != nil {
		return r, err
	}
	if r.Request, err = trust.ReadFile(path+".request", bodySize); err != nil {
		return r, fmt.Errorf("recording: %w", err)
	}
	if r.Response, err = trust.ReadFile(path+".response", bodySize); err != nil {
		return r, fmt.Errorf("recording: %w", err)
	}
	return r, nil
}

// RecordingFolder is where the default server of a caller keeps recordings.
func RecordingFolder(c Caller) string {
	defaults, err := Parse(nil, c.Lookup)
	if err != nil {
		panic(err) // the defaults of the table
	}
	return filepath.Join(c.defaultRoot("localhost", defaults.Port), "archive")
}
