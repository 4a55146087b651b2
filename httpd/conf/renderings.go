package conf

import (
	"cmp"
	"slices"
)

// Renderings are the configuration itself and, where files of it are templates,
// what it is with their conditions decided in other ways: each of them alone is
// one that a server could get. Values stay marks in all of them. What holds for
// some of them depends on a condition.
//
// Conditions that are not independent of each other can be decided in a way in
// which sections do not fit together. Such a rendering is left out, unless that is so
// in all of them.
func (c *Config) Renderings() []*Config {
	n := 1
	for _, file := range c.Files {
		if file.Template {
			n = max(n, len(file.renderings()))
		}
	}
	all := []*Config{c}
	reader := c.htaccess.reader
	for number := 1; number < n; number++ {
		all = append(all, readRendering(c.Files[0], reader.files, *reader.options, number))
	}
	fits := slices.Collect(func(yield func(*Config) bool) {
		for _, config := range all {
			if !config.unbalanced && !yield(config) {
				return
			}
		}
	})
	if len(fits) == 0 {
		return all
	}
	return fits
}

// rendering is one of the renderings of a file; the last one where it has no more.
func (f *File) rendering(number int) string {
	if !f.Template {
		return f.Source
	}
	all := f.renderings()
	return all[min(number, len(all)-1)]
}

func (f *File) renderings() []string {
	f.readTemplate()
	return f.content.rendered
}

func (f *File) readTemplate() *templateText {
	f.content.templateOnce.Do(func() {
		f.content.template = readTemplate(f.Source)
		f.content.rendered = f.content.template.renderings()
	})
	return f.content.template
}

// Conditions is the number of conditions that a template has.
func (f *File) Conditions() int {
	if !f.Template {
		return 0
	}
	return len(f.readTemplate().choices)
}

// Marks are where the marks of a template stand in the file.
func (f *File) Marks() []Span {
	if !f.Template {
		return nil
	}
	return f.readTemplate().marks
}

// templateNotice is the one diagnostic of a file that is a template.
func templateNotice(name string, t *templateText) Diagnostic {
	first := Span{}
	if len(t.marks) > 0 {
		first = t.marks[0]
	}
	return Diagnostic{
		Severity: Notice, Excerpt: excerpt(t.source, first.Start),
		Pos: position(name, t.source, 0, 1, first.Start), End: position(name, t.source, 0, 1, first.End),
		Message: "the file is a template: what its marks stand for is not known",
	}
}

// loopAt is the number of the innermost loop of a template around an offset, from
// 1 on; 0 where there is none. What a mark stands for may differ from one loop to another.
func (f *File) loopAt(offset int) int {
	if !f.Template {
		return 0
	}
	starts := f.readTemplate().loops
	next, _ := slices.BinarySearchFunc(starts, offset+1, func(s loopStart, offset int) int { return cmp.Compare(s.offset, offset) })
	if next == 0 {
		return 0
	}
	return starts[next-1].loop
}

// Loop is a loop of a template, or what stands outside of all of them. In another
// one the same mark need not stand for the same text.
type Loop struct {
	file   *File
	number int
}

// Loop is the innermost loop around a directive.
func (d *Directive) Loop() Loop {
	file := d.Source.File
	return Loop{file, file.loopAt(d.Pos().Offset)}
}
