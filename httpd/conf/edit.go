package conf

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Edit puts Text in the place of the bytes of Span, in one file.
type Edit struct {
	Span Span
	Text string
}

// Apply makes the edits and gives the new source. All bytes outside the spans
// stay what they are. Edits may come in any order; two that overlap are an
// error. Insertions at one place keep their order.
func (t *Tree) Apply(edits []Edit) (string, error) {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b Edit) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	var out strings.Builder
	at := 0
	for _, edit := range edits {
		if edit.Span.Start < at || edit.Span.End < edit.Span.Start || edit.Span.End > len(t.Source) {
			return "", fmt.Errorf("edit %s: bytes %d to %d overlap another edit, or the file does not have them",
				t.Name, edit.Span.Start, edit.Span.End)
		}
		out.WriteString(t.Source[at:edit.Span.Start])
		out.WriteString(edit.Text)
		at = edit.Span.End
	}
	out.WriteString(t.Source[at:])
	return out.String(), nil
}

// Replace puts text in the place of the directive or section line. Indent and
// line end stay.
func (n Node) Replace(text string) Edit {
	return Edit{Span{n.Pos().Offset, n.End().Offset}, text}
}
