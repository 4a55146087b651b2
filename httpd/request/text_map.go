package request

import (
	"strings"
	"sync"
)

// textMaps are the maps of text files that were asked for, by file.
type textMaps struct {
	mu   sync.Mutex
	read map[string]textMap
}

type textMap struct {
	values map[string]string
	err    error
}

// textMap gives the keys of a text file with their values.
func (h *Httpd) textMap(file string) (map[string]string, error) {
	h.maps.mu.Lock()
	defer h.maps.mu.Unlock()
	known, ok := h.maps.read[file]
	if !ok {
		text, err := h.Config.ReadFile(file, maxMap)
		known = textMap{parseMap(text), err}
		if h.maps.read == nil {
			h.maps.read = map[string]textMap{}
		}
		h.maps.read[file] = known
	}
	return known.values, known.err
}

// longestMapLine is how much of a line is read at a time: the rest counts as
// another line (REWRITE_MAX_TXT_MAP_LINE).
const longestMapLine = 1024

// parseMap reads lines of a key and a value; of several lines with one key the
// first counts (lookup_map_txtfile).
func parseMap(text string) map[string]string {
	values := map[string]string{}
	for line := range strings.Lines(text) {
		for line != "" {
			part := line[:min(len(line), longestMapLine)]
			line = line[len(part):]
			key, value := cutMapWord(part)
			value, _ = cutMapWord(strings.TrimLeft(value, mapSpace))
			if _, known := values[key]; !known && key != "" && part[0] != '#' && value != "" {
				values[key] = value
			}
		}
	}
	return values
}

// mapSpace is white space as C knows it.
const mapSpace = " \t\n\v\f\r"

// cutMapWord cuts text at the first white space.
func cutMapWord(text string) (word, rest string) {
	if end := strings.IndexAny(text, mapSpace); end >= 0 {
		return text[:end], text[end:]
	}
	return text, ""
}
