package cli

import (
	"bytes"
	"cmp"
	"io"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// A printer writes text for people. What others have written is in nearly all
// of it: names of files and sites, configuration, logs, answers of an index. A
// terminal obeys some characters, and others are invisible or turn the order of
// a line around; a printer writes these as escapes.
type printer struct {
	out      io.Writer
	terminal bool

	mutex sync.Mutex // reports come from several goroutines
	lost  error      // why something could not be written, the first time
	begun []byte     // of a character, a line end or a colour that the next Write completes
}

func (p *printer) Write(text []byte) (int, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if err := p.print(append(p.begun, text...), false); err != nil {
		return 0, err
	}
	return len(text), nil
}

// Flush writes what no further Write will complete.
func (p *printer) Flush() error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.print(p.begun, true)
}

func (p *printer) print(text []byte, whole bool) error {
	shown, begun := escape(text, whole)
	p.begun = bytes.Clone(begun)
	if len(shown) == 0 {
		return nil
	}
	_, err := p.out.Write(shown)
	p.lost = cmp.Or(p.lost, err)
	return err
}

// err is why not all could be written.
func (p *printer) err() error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.lost
}

// printable is a text as a printer shows it, without colours.
func printable(text string) string {
	if !strings.ContainsFunc(text, isSpecial) {
		return text
	}
	shown, _ := escape([]byte(text), true)
	return string(shown)
}

// escape gives what a printer shows of a text. Unless the text is whole, begun
// is what there is of something at its end that may go on.
func escape(text []byte, whole bool) (shown, begun []byte) {
	shown = make([]byte, 0, len(text))
	for len(text) > 0 {
		plain := bytes.IndexFunc(text, isSpecial)
		if plain < 0 {
			return append(shown, text...), nil
		}
		shown, text = append(shown, text[:plain]...), text[plain:]
		if !whole && mayGoOn(text) {
			return shown, text
		}
		special, size := escapeFirst(text)
		shown, text = append(shown, special...), text[size:]
	}
	return shown, nil
}

// isSpecial tells the characters that are not written as they are; bytes that
// are no UTF-8 are among them, since some terminals obey 0x80 to 0x9f.
func isSpecial(char rune) bool {
	switch {
	case char < utf8.RuneSelf:
		return (char < ' ' || char == '\x7f') && char != '\n' && char != '\t'
	case char == utf8.RuneError:
		return true
	}
	return unicode.In(char, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// mayGoOn tells whether a text that begins with something special ends with
// the first part of it.
func mayGoOn(text []byte) bool {
	switch text[0] {
	case '\r':
		return len(text) == 1
	case '\x1b':
		return len(text) < len(colourMark()) && strings.HasPrefix(colourMark(), string(text))
	}
	return !utf8.FullRune(text)
}

// escapeFirst gives what is shown of the first character of a text, and the
// number of bytes that this stands for.
func escapeFirst(text []byte) (shown string, size int) {
	switch {
	case text[0] == '\x1b' && bytes.HasPrefix(text, []byte(colourMark())):
		return "\x1b[", len(colourMark())
	case bytes.HasPrefix(text, []byte("\r\n")):
		return "\n", len("\r\n")
	}
	char, size := utf8.DecodeRune(text)
	if char == utf8.RuneError {
		if size > 1 {
			return string(char), size // somebody wrote it himself
		}
		return `\x` + strconv.FormatUint(uint64(text[0]), 16), size
	}
	quoted := strconv.QuoteRuneToASCII(char)
	return quoted[1 : len(quoted)-1], size
}
