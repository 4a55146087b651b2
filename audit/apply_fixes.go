package audit

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// Fixed is the text that a file gets.
type Fixed struct {
	File *conf.File
	Text string
}

// ApplyFixes makes the fixes of findings: the safe ones, and with unsafe all of them.
// A fix is made as a whole or not at all: of two that touch the same bytes only
// the first is, and the other is left to a next audit of the fixed text. It
// also gives the findings whose fixes were made. On an error, of a fix whose own edits
// overlap, there is neither.
func ApplyFixes(findings []*Finding, unsafe bool) (files []Fixed, made []*Finding, err error) {
	m := fixing{edits: map[string]*fileFixing{}}
	for _, f := range findings {
		if f.Fix != nil && (f.Fix.Safe || unsafe) && m.take(f.Fix) {
			made = append(made, f)
		}
	}
	if files, err = m.files(); err != nil {
		return nil, nil, err
	}
	return files, made, nil
}

// fixing are the edits taken so far, by file name.
type fixing struct {
	edits map[string]*fileFixing
}

// fileFixing are the edits of one file, of which none overlaps another.
type fileFixing struct {
	file  *conf.File
	edits []conf.Edit // by place
	taken map[conf.Edit]bool
}

// take adds the edits of a fix unless one of them overlaps another, or none of them
// changes anything. An edit that is there already, such as a group that two virtual
// hosts share, is made once.
func (m *fixing) take(fix *Fix) bool {
	edits := fix.Edits()
	if !slices.ContainsFunc(edits, FileEdit.changes) {
		return false
	}
	for _, edit := range edits {
		if m.of(edit.File).refuses(edit.Edit) {
			return false
		}
	}
	for _, edit := range edits {
		m.of(edit.File).add(edit.Edit)
	}
	return true
}

func (m *fixing) of(file *conf.File) *fileFixing {
	own := m.edits[file.Name]
	if own == nil {
		own = &fileFixing{file: file, taken: map[conf.Edit]bool{}}
		m.edits[file.Name] = own
	}
	return own
}

// refuses tells whether an edit touches the same bytes as one that was taken, or would
// write an option twice: insertions at one place do not, nor does one at the edge of a
// replacement.
func (m *fileFixing) refuses(edit conf.Edit) bool {
	if m.taken[edit] {
		return false
	}
	at := sort.Search(len(m.edits), func(i int) bool { return m.edits[i].Span.End > edit.Span.Start })
	if at < len(m.edits) && m.edits[at].Span.Start < edit.Span.End {
		return true
	}
	for i := at - 1; i >= 0 && m.isOneLine(m.edits[i].Span.End, edit.Span.Start); i-- {
		if writeSameOption(m.edits[i], edit) {
			return true
		}
	}
	for i := at; i < len(m.edits) && m.isOneLine(edit.Span.End, m.edits[i].Span.Start); i++ {
		if writeSameOption(m.edits[i], edit) {
			return true
		}
	}
	return false
}

// isOneLine tells whether two places are in one line, which may be continued.
func (m *fileFixing) isOneLine(from, to int) bool {
	between := m.file.Source[from:to]
	for i := strings.IndexByte(between, '\n'); i >= 0; i = strings.IndexByte(between, '\n') {
		if !strings.HasSuffix(strings.TrimSuffix(between[:i], "\r"), `\`) {
			return false
		}
		between = between[i+1:]
	}
	return true
}

// writeSameOption tells of two edits of one line whether both write an option of one
// name, as fixes for two renderings of a template may, or one that gives an option its
// right name and one that adds it.
func writeSameOption(a, b conf.Edit) bool {
	if strings.Contains(a.Text, "\n") || strings.Contains(b.Text, "\n") { // lines of their own
		return false
	}
	names := optionNames(b.Text)
	return slices.ContainsFunc(optionNames(a.Text), func(name string) bool { return slices.Contains(names, name) })
}

func optionNames(text string) (names []string) {
	for _, word := range strings.Fields(text) {
		name, _, _ := strings.Cut(word, "=")
		names = append(names, name)
	}
	return names
}

// add adds an edit behind those at its place.
func (m *fileFixing) add(edit conf.Edit) {
	if m.taken[edit] {
		return
	}
	m.taken[edit] = true
	at := sort.Search(len(m.edits), func(i int) bool {
		return m.edits[i].Span.Start > edit.Span.Start || m.edits[i].Span.Start == edit.Span.Start && m.edits[i].Span.End > edit.Span.End
	})
	m.edits = slices.Insert(m.edits, at, edit)
}

// files are the fixed texts, by name.
func (m *fixing) files() (files []Fixed, err error) {
	for name, own := range m.edits {
		if len(own.edits) == 0 {
			continue
		}
		text, err := conf.Parse(name, own.file.Source).Apply(own.edits)
		if err != nil {
			return nil, fmt.Errorf("make the fixes, of which none was written: %w; this is a fault of wsgictl: report it with the file, and fix by hand until then", err)
		}
		files = append(files, Fixed{own.file, text})
	}
	slices.SortFunc(files, func(a, b Fixed) int { return cmp.Compare(a.File.Name, b.File.Name) })
	return files, nil
}
