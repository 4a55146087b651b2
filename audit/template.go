package audit

import (
	"cmp"
	"fmt"
	"slices"
	"sort"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// What templates make of an audit: their conditions can be decided in several
// ways, each of which is a configuration of its own, with a view of its own.

// notRendered is the reason of a verdict that hangs on a mark.
func notRendered(what string, args ...any) string {
	return conf.Written(fmt.Sprintf(what, args...)) + " is not known before the template is rendered"
}

// ofCondition is the reason of a verdict that hangs on a condition.
const ofCondition = "it depends on a condition of the template"

// files are those of all renderings, each once.
func (v *View) files() []*conf.File {
	files := v.Config.Files
	if len(v.renderings) == 0 {
		return files
	}
	files = files[:len(files):len(files)]
	seen := map[*conf.File]bool{}
	for _, file := range files {
		seen[file] = true
	}
	for _, other := range v.renderings {
		for _, file := range other.Config.Files {
			if !seen[file] {
				seen[file] = true
				files = append(files, file)
			}
		}
	}
	return files
}

// hasMarkedGroup tells whether the name of a daemon process group is not known.
func (v *View) hasMarkedGroup() bool {
	for _, group := range v.Daemons {
		if conf.HasMark(group.Name) {
			return true
		}
	}
	return false
}

// isOfLoops tells whether two directives stand in different loops of a template,
// so that the same mark need not stand for the same text.
func isOfLoops(a, b *conf.Directive) bool {
	return a.Source.File != b.Source.File || a.Source.File.LoopAt(a.Pos().Offset) != b.Source.File.LoopAt(b.Pos().Offset)
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
	for at, f := range first {
		if times[at] < len(found) && f.Fix != nil {
			fix := *f.Fix
			fix.Safe = false
			f.Fix = &fix
		}
	}
	return all
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

// showMarks writes the marks of templates in what people read, and in the text
// of edits, as they stand in the file.
func (f *Finding) showMarks() {
	f.Message, f.Help = conf.Written(f.Message), conf.Written(f.Help)
	if f.Fix == nil {
		return
	}
	fix, edits := *f.Fix, f.Fix.Edits
	fix.Description = conf.Written(fix.Description)
	fix.Edits = func() []FileEdit {
		var written []FileEdit
		for _, edit := range edits() {
			edit.Text = conf.Written(edit.Text)
			written = append(written, edit)
		}
		return written
	}
	f.Fix = &fix
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

// mounted is one way in which an application is hosted, in any rendering.
type mounted struct {
	via                 conf.Pos
	name, mount, script string
}

func (a *Application) mounted() mounted {
	return mounted{a.Via.Pos(), a.Server.Name, a.Mount, a.Script}
}

// Inventory are the applications of all renderings, each once. Where they do not
// agree on where one runs, its verdict is dynamic.
func (v *View) Inventory() []*Application {
	if len(v.renderings) == 0 {
		return v.Applications
	}
	var all []*Application
	first := map[mounted]*Application{}
	for _, view := range append([]*View{v}, v.renderings...) {
		for _, a := range view.Applications {
			switch other := first[a.mounted()]; {
			case other == nil:
				own := *a
				first[a.mounted()] = &own
				all = append(all, &own)
			case other.Mode != Dynamic && !other.same(a.Verdict):
				other.doubt(cmp.Or(other.DecidedBy, a.DecidedBy), ofCondition)
			}
		}
	}
	return all
}

// with is the answer of two renderings.
func (a Answer) with(other Answer) Answer {
	switch {
	case a.Application == nil && other.Application == nil:
		return other.orElse(a)
	case a.Application == nil:
		a, other = other, a
	case a.Application.Mode == Dynamic || other.Application != nil && a.Application.same(other.Application.Verdict):
		return a
	}
	own := *a.Application
	own.doubt(own.DecidedBy, ofCondition)
	a.Application = &own
	return a
}
