package installer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// readJSON reads a page in the form of PEP 691.
func (p *page) readJSON(body io.Reader) error {
	items := newJSONItems(body)
	err := items.object(func(key string) error {
		switch key {
		case "meta":
			return items.meta()
		case "files":
			return items.array(func() error { return p.addFile(items) })
		}
		return items.skip()
	})
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF // inside of it
	}
	if err != nil {
		return err
	}
	if _, err := items.decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more after its end")
	}
	return nil
}

func (i *jsonItems) meta() error {
	var meta struct {
		Version string `json:"api-version"`
	}
	if err := i.decoder.Decode(&meta); err != nil {
		return err
	}
	return knownVersion(meta.Version)
}

// addFile reads one file of the list.
func (p *page) addFile(items *jsonItems) error {
	var file struct {
		Name           string            `json:"filename"`
		URL            string            `json:"url"`
		Hashes         map[string]string `json:"hashes"`
		RequiresPython string            `json:"requires-python"`
		Yanked         json.RawMessage   `json:"yanked"`
		Uploaded       string            `json:"upload-time"` // PEP 700
	}
	if err := items.decoder.Decode(&file); err != nil {
		return err
	}
	yanked, reason := readYanked(file.Yanked)
	uploaded, _ := time.Parse(time.RFC3339, file.Uploaded) // one that cannot be read is not told
	return p.add(link{
		name: file.Name, address: file.URL, sha256: file.Hashes["sha256"],
		requiresPython: file.RequiresPython, yanked: yanked, yankedReason: reason, uploaded: uploaded,
	})
}

// readYanked reads false, true, or the reason.
func readYanked(value json.RawMessage) (yanked bool, reason string) {
	if json.Unmarshal(value, &reason) == nil && reason != "" {
		return true, reason
	}
	return string(bytes.TrimSpace(value)) == "true", ""
}

// jsonItems are the items of a JSON text, one after another. How far is read
// ahead of the last one is bounded, for the decoder keeps an item as a whole.
type jsonItems struct {
	decoder *json.Decoder
	from    io.Reader
	read    int64 // in bytes
}

func newJSONItems(from io.Reader) *jsonItems {
	items := &jsonItems{from: from}
	items.decoder = json.NewDecoder(items)
	return items
}

// Read gives the decoder more of the text.
func (i *jsonItems) Read(p []byte) (int, error) {
	allowed := i.decoder.InputOffset() + maxItemSize - i.read
	if allowed <= 0 {
		return 0, errLongItem
	}
	n, err := i.from.Read(p[:min(int64(len(p)), allowed)])
	i.read += int64(n)
	return n, err
}

// object calls member with each key, which reads the value.
func (i *jsonItems) object(member func(key string) error) error {
	return i.group('{', func() error {
		key, err := i.decoder.Token()
		if err != nil {
			return err
		}
		return member(fmt.Sprint(key))
	})
}

// array calls item for each item, which reads it.
func (i *jsonItems) array(item func() error) error { return i.group('[', item) }

func (i *jsonItems) group(opening json.Delim, item func() error) error {
	token, err := i.decoder.Token()
	if err != nil {
		return err
	}
	if token != opening {
		return fmt.Errorf("%s is expected, found %.20q", opening, fmt.Sprint(token))
	}
	for i.decoder.More() {
		if err := item(); err != nil {
			return err
		}
	}
	_, err = i.decoder.Token()
	return err
}

// skip passes over one value, whatever its size.
func (i *jsonItems) skip() error {
	for depth := 0; ; {
		token, err := i.decoder.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}
