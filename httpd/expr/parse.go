package expr

import (
	"errors"
	"fmt"
	"strings"
)

// Expression is a boolean expression of httpd (ap_expr, server/util_expr_parse.y),
// parsed: the argument of <If>, or of RewriteCond expr.
type Expression struct{ whole condition }

// condition is a part of an expression that is true or false.
type condition interface {
	decide(e *evaluation) answer
}

// operand is a part of an expression that has a text.
type operand interface {
	value(e *evaluation) Value
}

// The forms of conditions.
type (
	constant  bool
	notExpr   struct{ inner condition }
	orExpr    []condition
	andExpr   []condition
	compareOp struct {
		operator    string
		left, right operand
	}
	matchExpr struct {
		subject operand
		pattern *Regexp
		groups  bool // the pattern has groups, so that a match sets $0 to $9
		negated bool
	}
	inExpr struct {
		needle operand
		words  []operand
		call   string // a function that gives a list, instead of words
	}
	unaryExpr struct {
		operator string
		word     operand
	}
)

// The forms of operands.
type (
	literal    string
	variable   string
	backRef    int
	concat     []operand
	callString struct {
		function string
		argument operand
	}
)

// Parse parses an expression, and compiles the regular expressions in it.
func Parse(source string, compiler *Regexps) (parsed *Expression, err error) {
	p := parser{rest: source, compiler: compiler}
	defer func() { err = p.failed(recover()) }()
	whole := p.or()
	if p.space(); p.rest != "" {
		p.fail("parse error near %.40q", p.rest)
	}
	return &Expression{whole}, nil
}

type syntaxError struct{ error }

// failed is the error by which the parser was left, or nil.
func (p *parser) failed(failure any) error {
	if failure == nil {
		return nil
	}
	problem, ok := failure.(syntaxError)
	if !ok {
		panic(failure)
	}
	return problem
}

// maxDepth limits how deep parentheses, negations, functions and
// variables go.
const maxDepth = 1000

// parser reads an expression from left to right; failures leave it
// by a panic that Parse catches.
type parser struct {
	rest     string
	depth    int
	compiler *Regexps
}

func (p *parser) fail(format string, args ...any) {
	panic(syntaxError{errors.New("the expression is not understood: " + fmt.Sprintf(format, args...))})
}

// enter and leave stand around what may hold its own kind.
func (p *parser) enter() {
	if p.depth++; p.depth > maxDepth {
		p.fail("it is nested too deep")
	}
}

func (p *parser) leave() { p.depth-- }

func (p *parser) space() { p.rest = strings.TrimLeft(p.rest, " \t\n") }

// take takes one of tokens off, the first that fits; a word must end there.
func (p *parser) take(tokens ...string) (string, bool) {
	p.space()
	for _, token := range tokens {
		after, ok := strings.CutPrefix(p.rest, token)
		if !ok || isWordByte(token[len(token)-1]) && after != "" && isWordByte(after[0]) {
			continue
		}
		p.rest = after
		return token, true
	}
	return "", false
}

func (p *parser) or() condition {
	first := p.and()
	terms := orExpr{first}
	for {
		if _, ok := p.take("||", "or"); !ok {
			break
		}
		terms = append(terms, p.and())
	}
	if len(terms) == 1 {
		return first
	}
	return terms
}

func (p *parser) and() condition {
	first := p.not()
	terms := andExpr{first}
	for {
		if _, ok := p.take("&&", "and"); !ok {
			break
		}
		terms = append(terms, p.not())
	}
	if len(terms) == 1 {
		return first
	}
	return terms
}

func (p *parser) not() condition {
	p.enter()
	defer p.leave()
	if p.space(); strings.HasPrefix(p.rest, "!") && !strings.HasPrefix(p.rest, "!=") && !strings.HasPrefix(p.rest, "!~") {
		p.rest = p.rest[1:]
		return notExpr{p.not()}
	}
	if _, ok := p.take("not"); ok {
		return notExpr{p.not()}
	}
	return p.primary()
}

func (p *parser) primary() condition {
	if token, ok := p.take("true", "false"); ok {
		return constant(token == "true")
	}
	if _, ok := p.take("("); ok {
		inner := p.or()
		if _, ok := p.take(")"); !ok {
			p.fail("missing )")
		}
		return inner
	}
	if len(p.rest) > 1 && p.rest[0] == '-' && (p.rest[1] < '0' || p.rest[1] > '9') {
		return unaryExpr{p.name(p.rest[1:]), p.word()}
	}
	return p.comparison(p.word())
}

// name takes a name off that stands at the start of text, which is a part of
// the rest.
func (p *parser) name(text string) string {
	end := 0
	for end < len(text) && isWordByte(text[end]) {
		end++
	}
	if end == 0 {
		p.fail("parse error near %.40q", p.rest)
	}
	p.rest = text[end:]
	return text[:end]
}

var comparisons = []string{
	"==", "=~", "=", "!=", "!~", "<=", "<", ">=", ">",
	"-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-in", "eq", "ne", "lt", "le", "gt", "ge", "in",
}

func (p *parser) comparison(left operand) condition {
	operator, ok := p.take(comparisons...)
	switch {
	case !ok && strings.HasPrefix(p.rest, "-"):
		operator = strings.ToLower(p.name(p.rest[1:]))
		return compareOp{"-" + operator, left, p.word()}
	case !ok:
		p.fail("parse error near %.40q", p.rest)
	case operator == "=~" || operator == "!~":
		pattern := p.regexp()
		return matchExpr{left, pattern, pattern.HasGroups(), operator == "!~"}
	case strings.TrimPrefix(operator, "-") == "in":
		return p.in(left)
	case operator == "=":
		operator = "=="
	case isWordByte(operator[0]):
		operator = "-" + operator
	}
	return compareOp{operator, left, p.word()}
}

func (p *parser) in(needle operand) condition {
	if _, ok := p.take("{"); !ok {
		p.space()
		call := p.name(p.rest)
		p.argument()
		return inExpr{needle: needle, call: call}
	}
	in := inExpr{needle: needle, words: []operand{p.word()}}
	for {
		if _, ok := p.take(","); !ok {
			break
		}
		in.words = append(in.words, p.word())
	}
	if _, ok := p.take("}"); !ok {
		p.fail("missing }")
	}
	return in
}

// regexp takes /…/ or m#…#, with an i after it for no case.
func (p *parser) regexp() *Regexp {
	p.space()
	p.rest = strings.TrimPrefix(p.rest, "m")
	if p.rest == "" {
		p.fail("missing regular expression")
	}
	source, after, ok := strings.Cut(p.rest[1:], p.rest[:1])
	if !ok {
		p.fail("the regular expression has no end")
	}
	flags := ""
	if p.rest = after; strings.HasPrefix(after, "i") {
		flags, p.rest = "i", after[1:]
	}
	compiled, err := p.compiler.Compile(source, flags)
	if err != nil {
		p.fail("%v", err)
	}
	return compiled
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
