package expr

import "strings"

// word takes an operand, with those that "." joins to it.
func (p *parser) word() operand {
	first := p.simpleWord()
	words := concat{first}
	for {
		if _, ok := p.take("."); !ok {
			break
		}
		words = append(words, p.simpleWord())
	}
	if len(words) == 1 {
		return first
	}
	return words
}

func (p *parser) simpleWord() operand {
	p.space()
	switch {
	case p.rest == "":
		p.fail("it ends too early")
	case p.rest[0] == '"' || p.rest[0] == '\'':
		quote := p.rest[0]
		p.rest = p.rest[1:]
		return p.text(quote)
	case strings.HasPrefix(p.rest, "%{"):
		return p.variable()
	case p.rest[0] == '$' && len(p.rest) > 1 && p.rest[1] >= '0' && p.rest[1] <= '9':
		return p.backRef()
	case p.rest[0] >= '0' && p.rest[0] <= '9' || p.rest[0] == '-':
		return p.digits()
	}
	return callString{strings.ToLower(p.name(p.rest)), p.argument()}
}

func (p *parser) digits() operand {
	end := 1
	for end < len(p.rest) && p.rest[end] >= '0' && p.rest[end] <= '9' {
		end++
	}
	digits := p.rest[:end]
	p.rest = p.rest[end:]
	return literal(digits)
}

func (p *parser) backRef() operand {
	number := int(p.rest[1] - '0')
	p.rest = p.rest[2:]
	return backRef(number)
}

// argument takes "(word)".
func (p *parser) argument() operand {
	p.enter()
	defer p.leave()
	if _, ok := p.take("("); !ok {
		p.fail("parse error near %.40q", p.rest)
	}
	word := p.word()
	if _, ok := p.take(")"); !ok {
		p.fail("missing )")
	}
	return word
}

// variable takes %{NAME} or %{function:text}.
func (p *parser) variable() operand {
	name := p.name(p.rest[len("%{"):])
	switch {
	case strings.HasPrefix(p.rest, "}"):
		p.rest = p.rest[1:]
		return variable(strings.ToUpper(name))
	case strings.HasPrefix(p.rest, ":"):
		p.rest = p.rest[1:]
		return callString{strings.ToLower(name), p.text('}')}
	}
	p.fail("the variable %.40q has no end", name)
	return nil
}

// toTheEnd is the delimiter of a string that ends where the source does.
const toTheEnd = 0

// text takes a string up to its delimiter, with the variables in it.
func (p *parser) text(delimiter byte) operand {
	p.enter()
	defer p.leave()
	var parts concat
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			parts = append(parts, literal(plain.String()))
			plain.Reset()
		}
	}
	for {
		switch {
		case p.rest == "" && delimiter == toTheEnd:
			flush()
			return parts
		case p.rest == "":
			p.fail("a string or variable has no end")
		case p.rest[0] == delimiter && delimiter != toTheEnd:
			p.rest = p.rest[1:]
			flush()
			return parts
		case strings.HasPrefix(p.rest, "%{"):
			flush()
			parts = append(parts, p.variable())
		case p.rest[0] == '$' && len(p.rest) > 1 && p.rest[1] >= '0' && p.rest[1] <= '9':
			flush()
			parts = append(parts, p.backRef())
		case p.rest[0] == '\\' && len(p.rest) > 1:
			p.escape(&plain)
		default:
			plain.WriteByte(p.rest[0])
			p.rest = p.rest[1:]
		}
	}
}

// escape takes a backslash and what it stands for.
func (p *parser) escape(out *strings.Builder) {
	c := p.rest[1]
	p.rest = p.rest[2:]
	if c < '0' || c > '7' {
		if i := strings.IndexByte("nrtbf", c); i >= 0 {
			c = "\n\r\t\b\f"[i]
		}
		out.WriteByte(c)
		return
	}
	code := int(c - '0')
	for range 2 {
		if p.rest != "" && p.rest[0] >= '0' && p.rest[0] <= '7' {
			code = code*8 + int(p.rest[0]-'0')
			p.rest = p.rest[1:]
		}
	}
	if code > 0xff {
		p.fail("an escape sequence is out of bounds")
	}
	out.WriteByte(byte(code))
}
