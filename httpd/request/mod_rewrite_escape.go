package request

import (
	"fmt"
	"strings"
)

// escapes are the flags of a rule about what its back references are escaped to.
type escapes struct {
	only, never       string // the characters of [B=…], "" for all; and of [BNE=…]
	keepsBlank, ctrls bool   // [BNP], [BCTLS]
}

// escapes are nil where nothing is escaped.
func (f flags) escapes() *escapes {
	ctrls := f.has("BCTLS", "BCTLS")
	if !ctrls && !f.has("B", "backrefescaping") {
		return nil
	}
	return &escapes{f.value("B", "backrefescaping"), f.value("BNE", "BNE"), f.has("BNP", "backrefernoplus"), ctrls}
}

// escape is what a group caught, escaped (escape_backref).
func (e *escapes) escape(caught string) string {
	if e == nil {
		return caught
	}
	var out strings.Builder
	for _, c := range []byte(caught) {
		switch {
		case !e.isFor(c) || isLetterOrDigit(c) || c == '_':
			out.WriteByte(c)
		case c == ' ' && !e.keepsBlank:
			out.WriteByte('+')
		default:
			fmt.Fprintf(&out, "%%%02x", c)
		}
	}
	return out.String()
}

// isFor tells whether a character is one of those that are escaped.
func (e *escapes) isFor(c byte) bool {
	all := e.only == ""
	if e.ctrls {
		all = c <= ' ' || c == 0x7f
	}
	return (all || strings.IndexByte(e.only, c) >= 0) && strings.IndexByte(e.never, c) < 0
}

func isLetterOrDigit(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// questionMark is the "?" of an expanded text at which its query begins.
type questionMark struct {
	ofLast   bool // it is the last one, and not the first
	isSeen   bool
	isCaught bool // it comes from a group, a variable or a map, so that the client may have sent it escaped
}

// see looks for it in the next piece of the text.
func (m *questionMark) see(piece string, isCaught bool) {
	if m != nil && (m.ofLast || !m.isSeen) && strings.Contains(piece, "?") {
		m.isSeen, m.isCaught = true, isCaught
	}
}
