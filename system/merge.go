package system

import (
	"cmp"
	"slices"
	"strings"
)

// A hunk puts other lines in the place of the lines from to to of a text, which
// may be none.
type hunk struct {
	from, to int
	lines    []string
}

// A misfit is a place where two texts differ from a third in different ways.
type misfit struct {
	Line                 int // of the third text, counted from 1
	Before, Theirs, Next []string
}

// mergeTexts gives the text next with the changes that lead from before to theirs.
// Where next has other changes in the same lines, it is a misfit.
func mergeTexts(before, theirs, next string) (string, *misfit) {
	lines := linesOf(before)
	mine, others := hunksOf(lines, linesOf(next)), hunksOf(lines, linesOf(theirs))
	for _, other := range others {
		for _, own := range mine {
			if own.bars(other) {
				from, to := min(own.from, other.from), max(own.to, other.to)
				return "", &misfit{from + 1, lines[from:to], within(lines, others, from, to), within(lines, mine, from, to)}
			}
		}
	}
	return withAll(lines, mine, others), nil
}

// mergeWhatFits is mergeTexts without those of their changes that are a misfit.
func mergeWhatFits(before, theirs, next string) string {
	lines := linesOf(before)
	mine, others := hunksOf(lines, linesOf(next)), hunksOf(lines, linesOf(theirs))
	others = slices.DeleteFunc(others, func(other hunk) bool {
		return slices.ContainsFunc(mine, func(own hunk) bool { return own.bars(other) })
	})
	return withAll(lines, mine, others)
}

// withAll is a text with hunks applied that all fit.
func withAll(lines []string, mine, others []hunk) string {
	all := slices.Concat(mine, others)
	slices.SortStableFunc(all, func(a, b hunk) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	all = slices.CompactFunc(all, hunk.equal)
	return strings.Join(within(lines, all, 0, len(lines)), "")
}

// bars tells whether two hunks cannot both be applied: they change the same
// line, or put different lines in the same place.
func (h hunk) bars(other hunk) bool {
	switch {
	case h.equal(other):
		return false
	case h.from == h.to && other.from == other.to:
		return h.from == other.from
	}
	return h.from < other.to && other.from < h.to
}

func (h hunk) equal(other hunk) bool {
	return h.from == other.from && h.to == other.to && slices.Equal(h.lines, other.lines)
}

// within are the lines from to to with those hunks applied that lie there.
func within(lines []string, hunks []hunk, from, to int) []string {
	var result []string
	at := from
	for _, h := range hunks {
		if h.from < from || h.to > to {
			continue
		}
		result = append(append(result, lines[at:h.from]...), h.lines...)
		at = h.to
	}
	return append(result, lines[at:to]...)
}

// linesOf are the lines of a text, each with its end; the last gets one.
func linesOf(text string) []string {
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	lines := strings.SplitAfter(text, "\n")
	return lines[:len(lines)-1]
}

// largestTable bounds what is compared line by line. Of larger texts the part
// in which they differ is one hunk.
const largestTable = 1 << 23

// hunksOf are the changes that lead from one text to another: as few lines as
// can be.
func hunksOf(a, b []string) []hunk {
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	from, to := a[start:len(a)-end], b[start:len(b)-end]
	if len(from)*len(to) > largestTable {
		return []hunk{{start, start + len(from), to}}
	}
	var hunks []hunk
	common := commonLines(from, to)
	i, j, lastI, lastJ := 0, 0, 0, 0 // lines before the last ones are in both
	for i < len(from) || j < len(to) {
		switch {
		case i < len(from) && j < len(to) && from[i] == to[j]:
			if i > lastI || j > lastJ {
				hunks = append(hunks, hunk{start + lastI, start + i, to[lastJ:j]})
			}
			i, j = i+1, j+1
			lastI, lastJ = i, j
		case j == len(to) || i < len(from) && common[i+1][j] >= common[i][j+1]:
			i++
		default:
			j++
		}
	}
	if i > lastI || j > lastJ {
		hunks = append(hunks, hunk{start + lastI, start + i, to[lastJ:j]})
	}
	return hunks
}

// commonLines tells how many lines a[i:] and b[j:] have in common, in the same
// order.
func commonLines(a, b []string) [][]int32 {
	table := make([][]int32, len(a)+1)
	for i := range table {
		table[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	return table
}
