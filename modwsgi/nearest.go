package modwsgi

import "strings"

// nearest gives the name that a misspelt one was probably meant to be: the one
// the fewest changes away, letter case aside, or "" when none is close. A
// change is a letter put in, left out, replaced, or swapped with its
// neighbour; one in three letters may be wrong.
func nearest(misspelt string, names []string) string {
	best, fewest := "", len(misspelt)/3+1
	for _, name := range names {
		if d := distance(strings.ToLower(misspelt), strings.ToLower(name)); d < fewest {
			best, fewest = name, d
		}
	}
	return best
}

// distance is the number of changes between two words (optimal string
// alignment). Rows of the table are kept for the last two letters of a.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			replaced := last[j-1]
			if a[i-1] != b[j-1] {
				replaced++
			}
			row[j] = min(replaced, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
