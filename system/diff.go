package system

import (
	"bytes"
	"fmt"
	"io"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/wsgictl/wsgictl/roll/ready"
	"github.com/wsgictl/wsgictl/store"
)

// WriteDiff writes changes in the way of a unified diff: the text of files,
// and for links, folders and binary files a line that says what becomes of
// them.
func WriteDiff(w io.Writer, changes []store.Change) error {
	for _, change := range changes {
		if _, err := w.Write(diffOf(change)); err != nil {
			return err
		}
	}
	return nil
}

func diffOf(c store.Change) []byte {
	var text bytes.Buffer
	before, after := c.Before, c.After
	switch {
	case before.Kind == store.Link && after.Kind == store.Absent:
		fmt.Fprintf(&text, "remove link %s -> %s\n", c.Path, before.Target)
	case after.Kind == store.Link:
		fmt.Fprintf(&text, "link %s -> %s\n", c.Path, after.Target)
	case before.Kind == store.Folder || after.Kind == store.Folder:
		fmt.Fprintf(&text, "%s folder %s\n", c.Verb(), c.Path)
	case isBinary(before.Content) || isBinary(after.Content) || len(before.Content)+len(after.Content) == 0:
		fmt.Fprintf(&text, "%s file %s (%d bytes)\n", c.Verb(), c.Path, max(len(before.Content), len(after.Content)))
	case (before.Kind == store.Absent || after.Kind == store.Absent) && ready.IsScript(string(before.Content)+string(after.Content)):
		fmt.Fprintf(&text, "%s file %s\n", c.Verb(), c.Path) // a page of Python, the same for each site but for a line
	default:
		text.Write(diff.Diff(name("a", c.Path, before), before.Content, name("b", c.Path, after), after.Content))
	}
	if before.Kind == store.File && after.Kind == store.File && (before.Mode != after.Mode || before.UID != after.UID || before.GID != after.GID) {
		fmt.Fprintf(&text, "mode %s %04o %d:%d -> %04o %d:%d\n", c.Path, before.Mode, before.UID, before.GID, after.Mode, after.UID, after.GID)
	}
	return text.Bytes()
}

func name(side, path string, entry store.PathState) string {
	if entry.Kind == store.Absent {
		return "/dev/null"
	}
	return side + path
}

func isBinary(content []byte) bool { return bytes.IndexByte(content, 0) >= 0 }
