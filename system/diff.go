package system

import (
	"bytes"
	"fmt"
	"io"

	"github.com/rogpeppe/go-internal/diff"
)

// WriteDiff writes changes in the way of a unified diff: the text of files,
// and for links, folders and binary files a line that says what becomes of
// them.
func WriteDiff(w io.Writer, changes []Change) error {
	for _, change := range changes {
		if _, err := w.Write(change.diff()); err != nil {
			return err
		}
	}
	return nil
}

func (c Change) diff() []byte {
	var text bytes.Buffer
	before, after := c.Before, c.After
	switch {
	case before.Kind == Link && after.Kind == Absent:
		fmt.Fprintf(&text, "remove link %s -> %s\n", c.Path, before.Target)
	case after.Kind == Link:
		fmt.Fprintf(&text, "link %s -> %s\n", c.Path, after.Target)
	case before.Kind == Folder || after.Kind == Folder:
		fmt.Fprintf(&text, "%s folder %s\n", c.verb(), c.Path)
	case isBinary(before.content) || isBinary(after.content) || len(before.content)+len(after.content) == 0:
		fmt.Fprintf(&text, "%s file %s (%d bytes)\n", c.verb(), c.Path, max(len(before.content), len(after.content)))
	default:
		text.Write(diff.Diff(name("a", c.Path, before), before.content, name("b", c.Path, after), after.content))
	}
	if before.Kind == File && after.Kind == File && (before.Mode != after.Mode || before.UID != after.UID || before.GID != after.GID) {
		fmt.Fprintf(&text, "mode %s %04o %d:%d -> %04o %d:%d\n", c.Path, before.Mode, before.UID, before.GID, after.Mode, after.UID, after.GID)
	}
	return text.Bytes()
}

func name(side, path string, entry Entry) string {
	if entry.Kind == Absent {
		return "/dev/null"
	}
	return side + path
}

func isBinary(content []byte) bool { return bytes.IndexByte(content, 0) >= 0 }
