package conf

import (
	"strings"
)

// line is one line as httpd sees it: physical lines that end in a backslash
// are joined with the next one, and white space at both ends is gone
// (server/util.c: ap_cfg_getline_core, cfg_trim_line).
//
// It is small enough for the compiler to keep it in registers, which takes a sixth
// off the time of reading: three fields, and numbers that fit in 32 bits, as those
// of all texts below [MaxText] do.
type line struct {
	text string // what httpd reads; a part of the source where nothing was joined
	extent
	numbers
}

// extent are the bytes of a line in its source, line ends included.
type extent struct{ start, end int32 }

// numbers are those of a line.
type numbers struct {
	first int32 // of the first physical line
	last  int32 // that httpd gives it: of the last physical line
}

// nextLine reads the line of source that begins at offset, where physical line
// number begins. It is called with offset < len(source) only.
func nextLine(source string, offset, number int32) line {
	end := lineEnd(source, offset)
	text := source[offset:end]
	if nul := strings.IndexByte(text, 0); nul >= 0 {
		text = text[:nul] // C's end of a string
	} else if continuation(text) >= 0 {
		return joinLines(source, offset, number)
	}
	return line{trim(text), extent{offset, end}, numbers{number, number}}
}

// lineEnd is the offset after the newline that ends the physical line at
// offset, or the end of the source.
func lineEnd[Offset int | int32](source string, offset Offset) Offset {
	if i := strings.IndexByte(source[offset:], '\n'); i >= 0 {
		return offset + Offset(i) + 1
	}
	return Offset(len(source))
}

// continuation finds the backslash with which text goes on in the next line:
// before LF or CRLF at its end. It is -1 where there is none; a backslash at the
// end of the file is a character like others.
func continuation[T string | []byte](text T) int {
	i := len(text) - 1
	if i < 0 || text[i] != '\n' {
		return -1
	}
	if i--; i >= 0 && text[i] == '\r' {
		i--
	}
	if i >= 0 && text[i] == '\\' {
		return i
	}
	return -1
}

// joinLines reads a continued line. As in httpd, what was joined before counts:
// two backslashes and then an empty line go on with the line after it. When the
// file ends after a backslash, httpd has already counted the line that it did
// not find.
func joinLines(source string, offset, number int32) line {
	l := line{"", extent{offset, offset}, numbers{number, number}}
	var text []byte
	for int(l.end) < len(source) {
		end := lineEnd(source, l.end)
		part := source[l.end:end]
		l.end = end
		if nul := strings.IndexByte(part, 0); nul >= 0 {
			text = append(text, part[:nul]...)
			break
		}
		text = append(text, part...)
		backslash := continuation(text)
		if backslash < 0 {
			break
		}
		text = text[:backslash]
		l.last++
	}
	l.text = trim(string(text))
	return l
}

// trim takes white space off both ends: what apr_isspace calls so, in ASCII.
func trim(text string) string { return trimRight(trimLeft(text)) }

func trimLeft(text string) string {
	for text != "" && isSpace(text[0]) {
		text = text[1:]
	}
	return text
}

func trimRight(text string) string {
	for text != "" && isSpace(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return text
}

func isSpace(c byte) bool {
	return c <= ' ' && (c == ' ' || c >= '\t' && c <= '\r')
}

// splitName takes the name off a line that is neither empty nor a comment, as
// ap_build_config_sub does: the first word, without a ">" at its end when it
// is no closing line; args is the rest, and ">" alone for a section whose name
// the ">" follows at once.
func splitName(text string) (name, args string) {
	name, args = firstWord(text)
	if name == "" || len(name) > 1 && name[1] == '/' {
		return name, args
	}
	if name[len(name)-1] == '>' {
		name = name[:len(name)-1]
	}
	if args == "" && name != "" && name[0] == '<' {
		args = ">"
	}
	return name, args
}

// firstWord is Word with a short cut for the usual first word, which has no
// quotes and no backslash.
func firstWord(text string) (word, rest string) {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c > '\'' && c != '\\': // as nearly all are, which one look shows
		case isSpace(c):
			return text[:i], trimLeft(text[i:])
		case c == '"' && i == 0, c == '\'' && i == 0, c == '\\':
			return Word(text)
		}
	}
	return text, ""
}
