package errorlog

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// cutJSON gives the text that a line of docker's json-file, or of journalctl -o
// json, holds, and keeps its time. What is no such line is left as it is.
func (l *line) cutJSON(text []byte) []byte {
	message := member(text, dockerText)
	if message == nil {
		message = member(text, journalText)
	}
	if message == nil {
		return text
	}
	l.collected = member(text, dockerTime)
	if len(l.collected) == 0 {
		l.collected = journalTime(member(text, realtime))
	}
	l.whole = bytes.TrimRight(message, "\r\n")
	return l.whole
}

// journalTime is when the journal took a line over, of the microseconds since
// 1970 that it writes; nil where that is no number.
func journalTime(number []byte) stamp {
	if len(number) == 0 {
		return nil
	}
	micros, err := strconv.ParseInt(string(number), 10, 64)
	if err != nil {
		return nil
	}
	return time.UnixMicro(micros).UTC().AppendFormat(nil, "2006-01-02T15:04:05.000000Z")
}

// The members that are looked for, as they stand in a line.
const (
	dockerText  = `"log":`
	dockerTime  = `"time":`
	journalText = `"MESSAGE":`
	realtime    = `"__REALTIME_TIMESTAMP":`
)

// member gives the text of a member of an object in JSON, or nil: of a string,
// or of a list of bytes, as the journal writes what is not UTF-8. Its name is
// looked for as it stands: within a string its quotation marks would stand
// behind backslashes.
func member(object []byte, name string) []byte {
	at := bytes.Index(object, []byte(name))
	if at < 0 {
		return nil
	}
	value := object[at+len(name):]
	if len(value) == 0 {
		return nil
	}
	switch value[0] {
	case '"':
		return unquote(value[:stringEnd(value)])
	case '[':
		var numbers []uint16 // a list of bytes would be read from base64
		if json.Unmarshal(value[:bytes.IndexByte(value, ']')+1], &numbers) != nil {
			return nil
		}
		text := make([]byte, len(numbers))
		for i, number := range numbers {
			text[i] = byte(number & 0xff)
		}
		return text
	}
	return nil
}

// stringEnd is where the string ends that a text begins with; 0 where it does
// not.
func stringEnd(text []byte) int {
	for end := 1; ; end++ {
		next := bytes.IndexByte(text[end:], '"')
		if next < 0 {
			return 0
		}
		end += next
		before := bytes.TrimRight(text[:end], `\`)
		if (end-len(before))%2 == 0 {
			return end + 1
		}
	}
}

// unquote gives the text of a string in JSON.
func unquote(quoted []byte) []byte {
	if len(quoted) < 2 {
		return nil
	}
	plain := bytes.TrimSuffix(quoted[1:len(quoted)-1], []byte(`\n`)) // as each line of docker's ends
	if bytes.IndexByte(plain, '\\') < 0 {
		return plain
	}
	var text string
	if json.Unmarshal(quoted, &text) != nil {
		return nil
	}
	return []byte(text)
}
