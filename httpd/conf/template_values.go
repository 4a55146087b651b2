package conf

import (
	"maps"
	"slices"
	"strings"
)

// maxRenderings is how many ways of deciding the conditions of a template are
// looked at.
const maxRenderings = 32

// maxRendered is how many bytes these have together, unless two have more: each of
// them is a configuration to audit.
const maxRendered = 4 << 20

// renderings are texts as long as the template, in which its conditions are
// decided. In the place of what does not come are blanks, and values stay marks, with
// blanks in the place of the ends of lines in them.
func (t *templateText) renderings() []string {
	var texts []string
	for _, given := range t.givens(min(maxRenderings, max(2, maxRendered/(len(t.source)+1)))) {
		if text := t.render(given); !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// givens are the values to render with, at most so many: all conditions true, all
// false, and then one after another the other way, or many of them at once where
// they are too many for that.
func (t *templateText) givens(most int) []values {
	list := []values{t.decide(t.subjects.first), {}}
	needed := len(list)
	for _, name := range t.subjects.names {
		needed += len(t.subjects.of(name)) + 1
	}
	if needed <= most {
		list = t.oneByOne(list)
	} else {
		list = t.inGroups(list, most)
	}
	return list[:min(most, len(list))]
}

// oneByOne adds values that are all as in the first but for one, and those of which
// the first ones are none.
func (t *templateText) oneByOne(list []values) []values {
	without := list[0]
	for _, name := range t.subjects.names {
		for _, value := range append([]string{""}, t.subjects.of(name)[1:]...) {
			list = append(list, list[0].with(name, value))
		}
		without = without.with(name, "") // for what comes after an elif
		list = append(list, without)
	}
	return list
}

// inGroups adds values by which each value of each subject comes, and each branch of
// each condition; and then those in which each two subjects are decided in all ways:
// the numbers of two differ in some bit.
func (t *templateText) inGroups(list []values, most int) []values {
	longest, deepest := 0, 0
	for _, name := range t.subjects.names {
		longest, deepest = max(longest, len(t.subjects.of(name))), max(deepest, t.subjects.branches[name])
	}
	add := func(value func(i int, name string) string) {
		if len(list) < most {
			list = append(list, t.decide(value))
		}
	}
	some := func(come bool, i int, name string) string {
		if come {
			return t.subjects.first(i, name)
		}
		return ""
	}
	for branch := 1; branch <= deepest; branch++ {
		add(func(i int, name string) string { return some(t.subjects.branches[name] >= branch, i, name) })
	}
	for n := 1; n < longest; n++ {
		add(func(_ int, name string) string { return t.subjects.of(name)[n%len(t.subjects.of(name))] })
	}
	for bit := 1; bit < len(t.subjects.names); bit <<= 1 {
		add(func(i int, name string) string { return some(i&bit == 0, i, name) })
		add(func(i int, name string) string { return some(i&bit != 0, i, name) })
	}
	return list
}

// decide gives each subject a value, by its number and its name. What is not defined
// has none.
func (t *templateText) decide(value func(i int, name string) string) values {
	given := values{}
	for i, name := range t.subjects.names {
		if v := value(i, name); v != "" {
			given[name] = v
		}
	}
	for _, name := range t.subjects.names {
		if subject, ok := strings.CutSuffix(name, isDefined); ok && given[name] == "" {
			delete(given, subject)
		}
	}
	return given
}

// with are the same values but for one. What is not defined has none.
func (v values) with(name, value string) values {
	other := maps.Clone(v)
	other[name] = value
	if subject, ok := strings.CutSuffix(name, isDefined); ok && value == "" {
		delete(other, subject)
	}
	return other
}
