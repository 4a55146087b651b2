package request

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// expansion puts values in the place of $1, %1 and %{NAME} (do_expand).
type expansion struct {
	*rewriting
	groups, caught caught
	from           *conf.Directive
	depth          int           // of maps whose keys are looked up in maps
	escapes        *escapes      // of what groups caught; nil for none
	mark           *questionMark // looked for in the text; nil where none is
}

// of is the expansion of a text of a rule with these flags.
func (e expansion) of(flags flags, mark *questionMark) expansion {
	e.escapes, e.mark = flags.escapes(), mark
	return e
}

// maxMapDepth is how deep maps may stand in the keys of each other.
const maxMapDepth = 16

// certain is the text with all values. Of one that is not known the request is
// followed no further for certain.
func (e expansion) certain(text string) string {
	text, unknown := e.expand(text)
	if unknown != nil {
		e.isUnknown(unknown.By, unknown.Reason)
	}
	return text
}

// expand is the text with all values, and why one of them is not known, nil
// where all are. Of one that is too long to go on with it is the beginning.
func (e expansion) expand(text string) (expanded string, unknown *Doubt) {
	if e.depth++; e.depth > maxMapDepth || len(text) > maxSubstituted {
		return "", e.tooLong()
	}
	var out strings.Builder
	add := func(value string, doubt *Doubt) {
		out.WriteString(value)
		e.mark.see(value, true)
		if unknown == nil {
			unknown = doubt
		}
	}
	for i := 0; i < len(text); i++ {
		if out.Len() > maxSubstituted {
			return out.String(), e.tooLong()
		}
		next := byte(0)
		if i+1 < len(text) {
			next = text[i+1]
		}
		switch {
		case text[i] == '\\' && next != 0:
			out.WriteByte(next)
			i++
		case text[i] == '$' && next >= '0' && next <= '9':
			add(e.escapes.escape(e.groups.at(next)), e.groups.unknown)
			i++
		case text[i] == '%' && next >= '0' && next <= '9':
			add(e.escapes.escape(e.caught.at(next)), e.caught.unknown)
			i++
		case next == '{' && (text[i] == '%' || text[i] == '$'):
			value, length, doubt := e.inCurlies(text[i:])
			add(value, doubt)
			i += length - 1
		default:
			out.WriteByte(text[i])
			e.mark.see(text[i:i+1], false)
		}
	}
	return out.String(), unknown
}

func (c caught) at(digit byte) string {
	if n := int(digit - '0'); n < len(c.groups) {
		return c.groups[n]
	}
	return ""
}

// tooLong is why a text is not known that httpd goes on with.
func (e expansion) tooLong() *Doubt {
	return e.doubt(Unknown{Kind: TextTooLong, Subject: e.from.Name})
}

func (e expansion) doubt(reason Unknown) *Doubt { return &Doubt{By: e.from, Reason: reason} }

// inCurlies is the value of the %{NAME} or ${map:key|default} that text begins
// with, and the length of that. What has no end stands for itself.
func (e expansion) inCurlies(text string) (value string, length int, unknown *Doubt) {
	if !e.spend(stepsOf(text), e.from) { // to find its end
		return "", len(text), e.unknown
	}
	end := indexInCurlies(text[2:], '}')
	if end < 0 {
		return text[:2], 2, nil
	}
	inside, length := text[2:2+end], 2+end+1
	if text[0] == '%' {
		value, unknown = e.variable(inside)
		return value, length, unknown
	}
	colon := indexInCurlies(inside, ':')
	if colon < 0 {
		return text[:2], 2, nil
	}
	e.mark = nil // what is looked for with stays out of the text
	name, key, otherwise := inside[:colon], inside[colon+1:], ""
	if bar := indexInCurlies(key, '|'); bar >= 0 {
		key, otherwise = key[:bar], key[bar+1:]
	}
	key, unknown = e.expand(key)
	if unknown != nil {
		return "", length, unknown
	}
	value, found, unknown := e.lookUp(name, key)
	if !found && (unknown == nil || !e.assume(*unknown)) {
		value, unknown = e.expand(otherwise)
	}
	return value, length, unknown
}

// indexInCurlies is where c stands outside of inner curly brackets, before the
// one that closes these; -1 for nowhere (find_char_in_curlies).
func indexInCurlies(text string, c byte) int {
	depth := 0
	for i := range len(text) {
		switch {
		case text[i] == c && depth == 0:
			return i
		case text[i] == '{':
			depth++
		case text[i] == '}' && depth == 0:
			return -1
		case text[i] == '}':
			depth--
		}
	}
	return -1
}

// variable is the value of %{NAME} (lookup_variable): one that expressions have
// too, whose name may be in any case here, or one with a prefix. Others are
// empty.
func (e expansion) variable(name string) (value string, unknown *Doubt) {
	found := e.variableOf(e.facts(), name)
	if found.Reason != nil {
		return "", e.doubt(Unknown{Kind: RewriteVariable, Subject: name, Why: found.Reason})
	}
	return found.Text, nil
}

func (e expansion) variableOf(f facts, name string) expr.Value {
	prefix, argument, _ := strings.Cut(name, ":")
	if argument == "" {
		value, _ := f.lookUp(strings.ToUpper(name))
		return value
	}
	switch strings.ToUpper(prefix) {
	case "ENV":
		return f.variable(argument)
	case "HTTP":
		return f.header(argument)
	case "SSL", "LA-U", "LA-F":
		return expr.Value{Reason: Unknown{Kind: ServerLookup}}
	}
	return expr.Value{}
}

// facts are those of the request as the rules have left it.
func (r *rewriting) facts() facts {
	return facts{
		Settings: r.early, filename: expr.Value{Text: r.filename}, info: expr.Value{Text: r.info}, query: r.query,
		environment: r.environment, isLookup: r.isLookup(), hasUser: r.hasUser,
	}
}
