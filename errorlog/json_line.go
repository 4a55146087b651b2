package errorlog

import (
	"bytes"
	"strconv"
	"time"
	"unicode/utf16"
	"unicode/utf8"
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
	if l.collected = member(text, dockerTime); len(l.collected) == 0 {
		l.realtime = member(text, realtime)
	}
	l.whole = bytes.TrimRight(message, "\r\n")
	return l.whole
}

// journalTime is the stamp of a time as the journal counts it: in microseconds
// since 1970, of which a point may part the seconds. It is nil where that is no
// number.
func journalTime(number []byte) stamp {
	micros, err := strconv.ParseInt(string(bytes.Replace(number, []byte("."), nil, 1)), 10, 64)
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
// behind backslashes. Of a line that was cut it is as much as there is.
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
		return unquote(value[1:])
	case '[':
		return fromNumbers(value[1:])
	}
	return nil
}

// fromNumbers gives the text whose bytes are listed as numbers; nil where
// something else stands in the list.
func fromNumbers(list []byte) []byte {
	if end := bytes.IndexByte(list, ']'); end >= 0 {
		list = list[:end]
	}
	text := make([]byte, 0, len(list)/2+1)
	number, digits := byte(0), 0
	for _, c := range list {
		switch {
		case c >= '0' && c <= '9':
			if number > 25 || number == 25 && c > '5' {
				return nil // more than 255
			}
			number, digits = 10*number+c-'0', digits+1
		case c == ',' && digits > 0:
			text = append(text, number)
			number, digits = 0, 0
		case c != ' ':
			return nil
		}
	}
	if digits > 0 {
		text = append(text, number)
	}
	return text
}

// unquote gives the text of a string in JSON, of which the first quotation mark
// is cut off, and maybe the end.
func unquote(text []byte) []byte {
	text = text[:stringEnd(text)]
	at := bytes.IndexByte(text, '\\')
	if at < 0 {
		return text
	}
	if string(text[at:]) == `\n` { // as each line of docker's ends
		return text[:at]
	}
	plain := make([]byte, 0, len(text))
	for ; at >= 0; at = bytes.IndexByte(text, '\\') {
		plain = append(plain, text[:at]...)
		plain, text = unescape(plain, text[at+1:])
	}
	return append(plain, text...)
}

// stringEnd is where the string ends that a text begins with, without its
// quotation mark.
func stringEnd(text []byte) int {
	if end := bytes.IndexByte(text, '"'); end >= 0 && (end == 0 || text[end-1] != '\\') {
		return end
	}
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(text)
}

// unescape adds the character that is written behind a backslash, and gives what
// follows it.
func unescape(plain, text []byte) (more, rest []byte) {
	if len(text) == 0 {
		return plain, nil
	}
	letter, rest := text[0], text[1:]
	switch letter {
	case 'b':
		letter = '\b'
	case 'f':
		letter = '\f'
	case 'n':
		letter = '\n'
	case 'r':
		letter = '\r'
	case 't':
		letter = '\t'
	case 'u':
		unit, rest := cutUnit(rest)
		if second, ok := bytes.CutPrefix(rest, []byte(`\u`)); ok && utf16.IsSurrogate(unit) {
			low, behind := cutUnit(second)
			if whole := utf16.DecodeRune(unit, low); whole != utf8.RuneError {
				unit, rest = whole, behind
			}
		}
		return utf8.AppendRune(plain, unit), rest
	}
	return append(plain, letter), rest
}

// cutUnit cuts off the four hexadecimal digits of a unit of UTF-16; where they
// are none, it gives the character that stands for what cannot be read.
func cutUnit(text []byte) (unit rune, rest []byte) {
	const digits = 4
	if len(text) < digits {
		return utf8.RuneError, nil
	}
	value, err := strconv.ParseUint(string(text[:digits]), 16, 16)
	if err != nil {
		return utf8.RuneError, text
	}
	return rune(value), text[digits:]
}
