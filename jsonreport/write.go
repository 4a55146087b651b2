package jsonreport

import (
	"bufio"
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
// and stands empty in the envelope. Only one item is in memory at a time.
func WriteList[T any](w io.Writer, envelope any, name string, items iter.Seq[T]) error {
	var text bytes.Buffer
	if err := Write(&text, envelope); err != nil {
		return err
	}
	// In a string the quotation marks would stand behind backslashes.
	before, after, ok := bytes.Cut(text.Bytes(), fmt.Appendf(nil, "%q: []", name))
	if !ok {
		return fmt.Errorf("write report: its list %q is not empty", name)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	fmt.Fprintf(out, "%s%q: [", before, name)
	if err := writeItems(out, items, string(before[bytes.LastIndexByte(before, '\n')+1:])); err != nil {
		return err
	}
	fmt.Fprintf(out, "]%s", after)
	return out.Flush()
}

// writeItems writes what stands in the brackets of a list whose line is
// indented by before; nothing where there is no item.
func writeItems[T any](out io.Writer, items iter.Seq[T], before string) error {
	var compact bytes.Buffer
	encoder := json.NewEncoder(&compact)
	encoder.SetEscapeHTML(false)
	var text []byte
	var current T // the one that is written: to hand over each item would make a copy of it
	end := ""
	for current = range items {
		text = text[:0]
		if end != "" {
			text = append(text, ',')
		}
		end = "\n" + before
		text = append(text, end+step...)
		compact.Reset()
		if err := encoder.Encode(&current); err != nil {
			return err
		}
		value := bytes.TrimSuffix(compact.Bytes(), []byte("\n")) // that Encode puts behind each value
		text = indent(text, value, before+step)
		if _, err := out.Write(text); err != nil {
			return err
		}
	}
	_, err := io.WriteString(out, end)
	return err
}

// step is how far a level is indented.
const step = "  "
