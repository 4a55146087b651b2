package jsonreport

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
)

// Write writes a report that is there as a whole.
func Write(w io.Writer, report any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", step)
	return encoder.Encode(report)
}

// WriteList writes what Write would, with items in the list that is called name
// and stands empty in the envelope, each in the form that a function gives it. Few
// items are in memory at a time; on several processors they are formed side by
// side, so that form must not change what items share.
func WriteList[Item, Form any](w io.Writer, envelope any, name string, items iter.Seq[Item], form func(Item) Form) error {
	var text bytes.Buffer
	if err := Write(&text, envelope); err != nil {
		return err
	}
	// In a string the quotation marks would stand behind backslashes.
	before, after, ok := bytes.Cut(text.Bytes(), fmt.Appendf(nil, "%q: []", name))
	if !ok {
		return fmt.Errorf("write report: its list %q is not empty", name)
	}
	if _, err := fmt.Fprintf(w, "%s%q: [", before, name); err != nil {
		return err
	}
	if err := writeItems(w, items, form, string(before[bytes.LastIndexByte(before, '\n')+1:])); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "]%s", after)
	return err
}

// step is how far a level is indented.
const step = "  "
