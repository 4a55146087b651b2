package conf

import "strings"

// control is what a mark does that is no value.
type control struct {
	does      controlKind
	condition string // of an opening, or of another branch; empty for else
	subject   string // of a case
	negated   bool   // unless
}

type controlKind uint8

const (
	doesNothing controlKind = iota
	opensCondition
	opensCase
	opensLoop   // a loop, or another block whose text comes all the same
	opensMacro  // text that comes where it is called: either of the two before
	opensOption // a branch of a case, with braces of its own
	nextBranch
	closesBlock
)

// jinjaTags are the tags of Jinja and Django that stand in templates of
// configuration. What begins with another word is no tag.
var jinjaTags = map[string]controlKind{
	"if": opensCondition, "elif": nextBranch, "else": nextBranch, "endif": closesBlock,
	"for": opensLoop, "empty": nextBranch, "endfor": closesBlock,
	"block": opensLoop, "endblock": closesBlock, "macro": opensMacro, "endmacro": closesBlock,
	"call": opensLoop, "endcall": closesBlock, "filter": opensLoop, "endfilter": closesBlock,
	"with": opensLoop, "endwith": closesBlock, "autoescape": opensLoop, "endautoescape": closesBlock,
	"raw": opensLoop, "endraw": closesBlock, "verbatim": opensLoop, "endverbatim": closesBlock,
	"include": doesNothing, "extends": doesNothing,
	"set": doesNothing, "endset": doesNothing, "import": doesNothing, "from": doesNothing, "do": doesNothing,
	"load": doesNothing, "continue": doesNothing, "break": doesNothing,
}

func isJinjaTag(code string) bool {
	word, _ := firstWord(code)
	_, ok := jinjaTags[word]
	return ok
}

// isGoControl tells the conditions and loops that Go's templates and Mustache
// write between the braces of values.
func isGoControl(code string) bool {
	word, rest := firstWord(code)
	switch word {
	case "if", "range", "with", "define", "block", "template", "include":
		return rest != "" && !strings.HasPrefix(rest, "|")
	case "else", "end":
		return rest == "" || strings.HasPrefix(rest, "if ")
	}
	return code != "" && strings.IndexByte("#^/!", code[0]) >= 0
}

// controlsOf reads a mark that is no value: what it does, one after another.
func controlsOf(m mark, source string) []control {
	switch {
	case m.kind == commentMark:
		return nil
	case m.kind == goMark:
		return []control{goControl(m.code)}
	case strings.HasPrefix(source[m.Start:], "{%"):
		word, rest := firstWord(m.code)
		return []control{{does: jinjaTags[word], condition: rest}}
	}
	return rubyControls(m.code)
}

func goControl(code string) control {
	switch code[0] {
	case '#':
		condition, negated := strings.CutPrefix(code[1:], "unless ")
		return control{does: opensCondition, condition: strings.TrimPrefix(condition, "if "), negated: negated}
	case '^':
		return control{does: opensCondition, condition: code[1:], negated: true}
	case '/':
		return control{does: closesBlock}
	case '!':
		return control{}
	}
	word, rest := firstWord(code)
	switch word {
	case "if":
		return control{does: opensCondition, condition: rest}
	case "else":
		return control{does: nextBranch, condition: strings.TrimPrefix(rest, "if ")}
	case "end":
		return control{does: closesBlock}
	case "template", "include":
		return control{}
	}
	return control{does: opensLoop}
}

// rubyControls reads a mark of ERB, as Puppet and Chef have it, or of Puppet's own
// EPP, which has braces in the place of "end": of these one mark may close several.
func rubyControls(code string) []control {
	var all []control
	for {
		rest, closed := strings.CutPrefix(code, "}")
		rest = strings.TrimSpace(rest)
		if word, _ := firstWord(rest); !closed || word == "else" || strings.HasPrefix(word, "els") && strings.HasSuffix(word, "if") {
			return append(all, rubyControl(rest)...)
		}
		all = append(all, control{does: closesBlock})
		code = rest
	}
}

// rubyControl is what comes after the braces that a mark closes.
func rubyControl(code string) []control {
	word, rest := firstWord(code)
	rest = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(rest, "{"), "then"))
	switch word {
	case "if", "unless":
		if strings.HasSuffix(rest, " end") {
			return nil // all of it on one line
		}
		return []control{{does: opensCondition, condition: rest, negated: word == "unless"}}
	case "elsif", "elseif", "when", "else":
		return []control{{does: nextBranch, condition: rest}}
	case "end":
		return []control{{does: closesBlock}}
	case "case":
		return caseControls(code, rest)
	case "while", "until", "for", "begin":
		return []control{{does: opensLoop}}
	}
	if values, ok := strings.CutSuffix(code, "{"); ok {
		if values, ok = strings.CutSuffix(strings.TrimSpace(values), ":"); ok {
			return []control{option(values)}
		}
		return []control{{does: opensLoop}}
	}
	if strings.HasSuffix(code, " do") || strings.HasSuffix(code, "|") && !strings.HasPrefix(code, "|") {
		return []control{{does: opensLoop}}
	}
	return nil
}

// caseControls reads a case, with its first branch where that stands in the same
// mark: ERB wants it there.
func caseControls(code, rest string) []control {
	if !strings.HasSuffix(code, "{") {
		subject, first, _ := strings.Cut(rest, "when ")
		return []control{{does: opensCase, subject: strings.TrimSpace(subject), condition: strings.TrimSpace(first)}}
	}
	subject, first, _ := strings.Cut(rest, "{")
	all := []control{{does: opensCase, subject: strings.TrimSpace(subject)}}
	if values := strings.TrimSuffix(strings.TrimSpace(first), ":"); values != "" {
		all = append(all, option(values))
	}
	return all
}

// option is a branch of a case in braces.
func option(values string) control {
	values = strings.TrimSpace(values)
	if values == "default" {
		values = ""
	}
	return control{does: opensOption, condition: values}
}
