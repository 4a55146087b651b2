package wsgi

import (
	regex "regexp/syntax"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// sampleName is a name that a <Files> or <FilesMatch> is for, with "*" for what
// may be anything; "" where none can be told.
func sampleName(section *conf.Directive, config *conf.Config) string {
	words := section.Words()
	isRegexp := section.Is("<FilesMatch")
	if len(words) > 1 && words[0] == "~" {
		words, isRegexp = words[1:], true
	}
	if len(words) == 0 || !isRegexp {
		return section.Word(0)
	}
	compiled, err := config.Regexp(words[0], "")
	if err != nil {
		return ""
	}
	tree, err := regex.Parse(compiled.String(), regex.Perl)
	if err != nil {
		return ""
	}
	sample := strings.TrimLeft(sampleOf(tree), "*")
	for _, name := range []string{"*" + sample, sample} {
		if name != "" && !strings.Contains(name, "/") && compiled.Matches(name) {
			return name
		}
	}
	return ""
}

// sampleOf is a text that a regular expression matches.
func sampleOf(tree *regex.Regexp) string {
	switch tree.Op {
	case regex.OpLiteral:
		return string(tree.Rune)
	case regex.OpCharClass:
		if len(tree.Rune) > 0 {
			return string(tree.Rune[0])
		}
	case regex.OpAnyChar, regex.OpAnyCharNotNL:
		return "*"
	case regex.OpCapture, regex.OpPlus, regex.OpAlternate:
		return sampleOf(tree.Sub[0])
	case regex.OpRepeat:
		return strings.Repeat(sampleOf(tree.Sub[0]), min(tree.Min, 255))
	case regex.OpConcat:
		var text strings.Builder
		for _, sub := range tree.Sub {
			text.WriteString(sampleOf(sub))
		}
		return text.String()
	}
	return "" // what matches nothing, or may do so
}
