package audit

import (
	"cmp"
	"slices"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// Mended is the text that a file gets.
type Mended struct {
	File *httpdconf.File
	Text string
}

// Mend makes the fixes of findings: the safe ones, and with unsafe all of them.
// A fix is made as a whole or not at all: of two that touch the same bytes only
// the first is, and the other is left to a next audit of the mended text. It
// also gives the findings whose fixes were made.
func Mend(findings []*Finding, unsafe bool) (files []Mended, made []*Finding) {
	m := mending{edits: map[string][]FileEdit{}}
	for _, f := range findings {
		if f.Fix != nil && (f.Fix.Safe || unsafe) && m.take(f.Fix) {
			made = append(made, f)
		}
	}
	return m.files(), made
}

// mending are the edits taken so far, by file name.
type mending struct {
	edits map[string][]FileEdit
}

// take adds the edits of a fix unless one of them overlaps another. An edit
// that is there already, such as a group that two virtual hosts share, is made
// once.
func (m *mending) take(fix *Fix) bool {
	var fresh []FileEdit
	for _, edit := range fix.Edits() {
		taken := m.edits[edit.File.Name]
		if slices.ContainsFunc(taken, func(other FileEdit) bool { return other.Edit == edit.Edit }) {
			continue
		}
		if slices.ContainsFunc(taken, func(other FileEdit) bool { return overlap(edit.Span, other.Span) }) {
			return false
		}
		fresh = append(fresh, edit)
	}
	for _, edit := range fresh {
		m.edits[edit.File.Name] = append(m.edits[edit.File.Name], edit)
	}
	return true
}

// overlap tells whether two edits touch the same bytes: insertions at one
// place do not, nor does one at the edge of a replacement.
func overlap(a, b httpdconf.Span) bool { return a.Start < b.End && b.Start < a.End }

// files are the mended texts, by name.
func (m *mending) files() []Mended {
	var files []Mended
	for _, edits := range m.edits {
		file := edits[0].File
		var plain []httpdconf.Edit
		for _, edit := range edits {
			plain = append(plain, edit.Edit)
		}
		text, err := httpdconf.Parse(file.Name, file.Source).Apply(plain)
		if err != nil {
			continue // cannot be: no two of them overlap
		}
		files = append(files, Mended{file, text})
	}
	slices.SortFunc(files, func(a, b Mended) int { return cmp.Compare(a.File.Name, b.File.Name) })
	return files
}
