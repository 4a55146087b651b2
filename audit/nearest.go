package audit

import (
	"cmp"
	"hash/maphash"
	"iter"
	"slices"
	"strings"
	"unicode"
)

// nameIndex finds the one among many names that was probably meant by another,
// without comparing it with each of them.
type nameIndex struct {
	names   []string // each once
	seed    maphash.Seed
	entries []nameEntry // by hash
}

// nameEntry is a hash of a name, or of what is left of it without one letter, and
// the number of the name.
type nameEntry struct {
	hash   uint64
	number int
}

// longestNear is the longest name, of letters that count, that is looked for by
// other letters: one of each place makes work by its square. No name of a host is longer.
const longestNear = 255

func newNameIndex(names []string) *nameIndex {
	x := &nameIndex{names: slices.Compact(slices.Sorted(slices.Values(names))), seed: maphash.MakeSeed()}
	for number, name := range x.names {
		for _, hash := range x.hashes(plain(name)) {
			x.entries = append(x.entries, nameEntry{hash, number})
		}
	}
	slices.SortFunc(x.entries, func(a, b nameEntry) int { return cmp.Or(cmp.Compare(a.hash, b.hash), a.number-b.number) })
	x.entries = slices.Compact(x.entries)
	return x
}

// hashes are those of a word, and of it without each of its letters: words that
// are near have one in common.
func (x *nameIndex) hashes(word string) []uint64 {
	hashes := []uint64{maphash.String(x.seed, word)}
	if len(word) > longestNear {
		return hashes
	}
	var without maphash.Hash
	without.SetSeed(x.seed)
	for i := range len(word) {
		without.Reset()
		without.WriteString(word[:i])
		without.WriteString(word[i+1:])
		hashes = append(hashes, without.Sum64())
	}
	return hashes
}

// nearest is the one name of several indexes that differs from the misspelt one only
// in case, in "-" and "_", or in one letter; "" when there is none or more than one.
func nearest(misspelt string, indexes ...*nameIndex) string {
	found := ""
	for _, x := range indexes {
		for name := range x.near(plain(misspelt)) {
			if found != "" && name != found {
				return ""
			}
			found = name
		}
	}
	return found
}

// near are the names that are near a plain word, some of them more than once.
func (x *nameIndex) near(word string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, hash := range x.hashes(word) {
			at, _ := slices.BinarySearchFunc(x.entries, hash, func(e nameEntry, hash uint64) int { return cmp.Compare(e.hash, hash) })
			for ; at < len(x.entries) && x.entries[at].hash == hash; at++ {
				name := x.names[x.entries[at].number]
				if isNear(word, plain(name)) && !yield(name) {
					return
				}
			}
		}
	}
}

// plain is a name without what names are often told apart by in error.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("-_.", r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// isNear tells whether two words are the same but for one letter put in, left
// out or replaced.
func isNear(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i == len(a) || a[i+1:] == b[i+1:]
	}
	return a[i:] == b[i+1:]
}
