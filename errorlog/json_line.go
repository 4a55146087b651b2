package errorlog

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// A jsonLine is a line of docker's json-file, or of journalctl -o json.
type jsonLine struct {
	Log  string `json:"log"`
	Time string `json:"time"`
	// Message is a string, or a list of bytes where the text is not UTF-8.
	Message   json.RawMessage `json:"MESSAGE"`
	Timestamp string          `json:"__REALTIME_TIMESTAMP"` // microseconds since 1970
}

// cutJSON gives the text that a line in JSON holds, and keeps its time.
func (l *line) cutJSON(text []byte) []byte {
	var held jsonLine
	if json.Unmarshal(text, &held) != nil {
		return text
	}
	message := held.Log
	if held.Message != nil {
		message = held.message()
	}
	if message == "" {
		return text
	}
	l.whole = []byte(strings.TrimRight(message, "\r\n"))
	l.collected = stamp(held.Time)
	if micros, err := strconv.ParseInt(held.Timestamp, 10, 64); err == nil {
		l.collected = stamp(time.UnixMicro(micros).UTC().Format("2006-01-02T15:04:05.000000Z"))
	}
	return l.whole
}

func (held jsonLine) message() string {
	var text string
	if json.Unmarshal(held.Message, &text) == nil {
		return text
	}
	var numbers []uint16 // a list of bytes would be read from base64
	if json.Unmarshal(held.Message, &numbers) != nil {
		return ""
	}
	letters := make([]byte, len(numbers))
	for i, number := range numbers {
		letters[i] = byte(number)
	}
	return string(letters)
}
