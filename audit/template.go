package audit

import (
	"slices"
	"sort"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

// filesOf are those of all renderings, each once.
func filesOf(renderings []*wsgi.View) []*conf.File {
	if len(renderings) == 1 {
		return renderings[0].Config.Files
	}
	var files []*conf.File
	seen := map[*conf.File]bool{}
	for _, v := range renderings {
		for _, file := range v.Config.Files {
			if !seen[file] {
				seen[file] = true
				files = append(files, file)
			}
		}
	}
	return files
}

// inRenderings are the findings of all renderings, each once. A fix of what not
// all of them have could be wrong in the others, and is not safe.
func inRenderings(found [][]*Finding) []*Finding {
	if len(found) == 1 {
		return found[0]
	}
	type place struct {
		rule  *Rule
		start conf.Pos
	}
	first := map[place]*Finding{}
	times := map[place]int{}
	var all []*Finding
	for _, findings := range found {
		here := map[place]bool{}
		for _, f := range findings {
			at := place{f.Rule, f.Pos}
			if here[at] {
				continue
			}
			here[at] = true
			times[at]++
			if other := first[at]; other == nil {
				first[at] = f
				all = append(all, f)
			} else {
				other.join(f)
			}
		}
	}
	all = slices.DeleteFunc(all, func(f *Finding) bool { return f.Rule.InAllRenderings && !areAllFoundBy(f.Rule, found) })
	for at, f := range first {
		if times[at] < len(found) && f.Fix != nil {
			fix := *f.Fix
			fix.Safe = false
			f.Fix = &fix
		}
	}
	return all
}

// areAllFoundBy tells whether a rule finds something in each of the renderings.
func areAllFoundBy(rule *Rule, found [][]*Finding) bool {
	for _, findings := range found {
		if !slices.ContainsFunc(findings, func(f *Finding) bool { return f.Rule == rule }) {
			return false
		}
	}
	return true
}

// join takes the same finding of another rendering: the worse of both counts, and
// a fix where both have the same one.
func (f *Finding) join(other *Finding) {
	fix := f.Fix
	if fix != nil && (other.Fix == nil || other.Fix.Description != fix.Description) {
		fix = nil
	}
	if other.Severity > f.Severity {
		*f = *other
	}
	f.Fix = fix
}

// showMarks writes the marks of templates in what people read as they stand in the
// file.
func (f *Finding) showMarks() {
	f.Message, f.Help = conf.Written(f.Message), conf.Written(f.Help)
	if f.Fix != nil {
		f.Fix.Description = conf.Written(f.Fix.Description)
	}
}

// dropLossyFixes takes away the fixes that would not leave the marks of templates
// as they are.
func dropLossyFixes(findings []*Finding, files []*conf.File) {
	if !slices.ContainsFunc(files, func(file *conf.File) bool { return file.Template }) {
		return
	}
	for _, f := range findings {
		if f.Fix != nil && !keepMarks(f.Fix.Edits()) {
			f.Fix = nil
		}
	}
}

// keepMarks tells whether the marks of templates that edits take away are the
// ones that they write: a mark may have no meaning at another place.
func keepMarks(edits []FileEdit) bool {
	marks, written := map[string]int{}, ""
	for _, edit := range edits {
		for _, mark := range marksIn(edit) {
			marks[conf.NormalMark(edit.File.Source[mark.Start:mark.End])]++
		}
		written += edit.Text + "\n"
	}
	for _, mark := range conf.MarksIn(written) {
		marks[mark]--
	}
	for _, n := range marks {
		if n != 0 {
			return false
		}
	}
	return true
}

// marksIn are the marks that an edit takes away a part of.
func marksIn(edit FileEdit) []conf.Span {
	all := edit.File.Marks() // in the order of the text
	first := sort.Search(len(all), func(i int) bool { return all[i].End > edit.Span.Start })
	after := sort.Search(len(all), func(i int) bool { return all[i].Start >= edit.Span.End })
	return all[first:max(first, after)]
}
